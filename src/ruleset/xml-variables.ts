/**
 * `<var name="NAME">text</var>` and `$NAME`: replaced in place in a scanned file, as os_xml_variables.c does it. A
 * variable is known from its own place in the file on; of two with one name the first counts.
 */
import type { Bytes } from "../engine/bytes.js";
import { sameName } from "./c-text.js";
import { XmlError, type XmlItem } from "./xml-scanner.js";

/** One more than the longest name of a variable. */
const NAME_SIZE = 256;
/** What ends a name behind a `$`; a comma, but no bracket and no quote. */
const NAME_END = /[$.|, ]/;

interface Variable {
  readonly name: Bytes;
  readonly value: Bytes;
}

/** @throws XmlError */
export function applyVariables(items: readonly XmlItem[]): void {
  const variables: Variable[] = [];
  items.forEach((item, index) => {
    if (item.kind === "variable") variables.push({ name: variableName(items, index), value: item.content });
    else if (variables.length > 0 && item.content.length > 2) item.content = substitute(item, variables);
  });
}

/**
 * The next attribute in the file is taken for the variable's, even when it is that of a later element, as long as
 * nothing less deep comes first.
 */
function variableName(items: readonly XmlItem[], index: number): Bytes {
  const variable = items[index]!;
  for (let i = index + 1; i < items.length && items[i]!.depth >= variable.depth; i++) {
    const attribute = items[i]!;
    if (attribute.kind !== "attribute") continue;
    if (!sameName(attribute.name, "name")) {
      throw new XmlError(`"${attribute.name}" is no attribute of a variable; only "name" is`, attribute.where);
    }
    if (attribute.content.length >= NAME_SIZE) {
      throw new XmlError(`the name of a variable is longer than ${NAME_SIZE - 1} bytes`, attribute.where);
    }
    return attribute.content;
  }
  throw new XmlError('a variable has no "name"', variable.where);
}

function substitute(item: XmlItem, variables: readonly Variable[]): Bytes {
  const source = item.content;
  let result = source;
  /** Where the rest of `source` stands in `result`, as the real engine counts: it does not count a skipped `$(…`. */
  let resultAt = 0;
  let at = 0;
  for (let dollar = source.indexOf("$"); dollar >= 0; dollar = source.indexOf("$", at)) {
    resultAt += dollar - at;
    at = dollar;
    const rest = source.slice(at + 1);
    const length = rest.search(NAME_END);
    const name = length < 0 ? rest : rest.slice(0, length);
    if (name.length >= NAME_SIZE) {
      throw new XmlError(`"$" with a name of more than ${NAME_SIZE - 1} bytes behind it`, item.where);
    }
    at += 1 + name.length;
    const variable = variables.find((candidate) => sameName(candidate.name, name));
    if (variable) {
      result = result.slice(0, resultAt) + variable.value;
      resultAt = result.length;
      result += source.slice(at);
    } else if (name.startsWith("(")) {
      // A $(field) of a description: left alone. A variable behind it then lands too far left, as in the real engine.
    } else if (name !== "") {
      throw new XmlError(`unknown variable "$${name}"; define it before its use, with <var>`, item.where);
    } else {
      resultAt++;
    }
  }
  return result;
}
