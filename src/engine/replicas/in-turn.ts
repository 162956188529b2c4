/** Decoders whose events cannot be decoded ahead of their turn, because what they make of one depends on those before. */
import type { Decoder, DecoderNode, Ruleset } from "../model.js";
import type { Expression } from "../regex/expression.js";
import { alwaysCaptures } from "./always-captures.js";

export interface InTurn {
  readonly decoders: ReadonlySet<Decoder>;
  /** Some of them may take what an earlier event's expressions captured and nobody consumed. */
  readonly takesLeftovers: boolean;
}

/** Plug-ins that change the type of the decoder that they ran for, for all later events. */
const TYPE_CHANGERS = new Set(["SonicWall_Decoder", "OSSECAlert_Decoder"]);

export function decodersInTurn(ruleset: Ruleset): InTurn {
  const decoders = new Set<Decoder>();
  let takesLeftovers = false;
  for (const [roots, asked] of [
    [ruleset.decodersWithProgramName, ({ programName }: Decoder) => programName],
    [ruleset.decodersWithoutProgramName, ({ prematch }: Decoder) => prematch],
  ] as const) {
    const emptied = roots.findIndex(({ decoder }) => asked(decoder)?.dialect === "osregex");
    let inTurn = false;
    for (let index = roots.length - 1; index >= 0; index--) {
      const root = roots[index]!;
      const all = decodersIn(root);
      // What is asked before this tree empties the captures, whether it matches or not.
      const takes = (emptied === -1 || index < emptied) && mayTakeLeftovers(root, false);
      const changes = all.some(
        ({ plugin, accumulate }) => accumulate || (plugin !== null && TYPE_CHANGERS.has(plugin)),
      );
      // A chain may run on into the next tree, while the event keeps its decoder.
      inTurn = takes || changes || (inTurn && root.decoder.getNext);
      if (inTurn) for (const decoder of all) decoders.add(decoder);
      takesLeftovers ||= takes;
    }
  }
  return { decoders, takesLeftovers };
}

/** Its own regex can match without capturing anything, and nothing before it is sure to have emptied the captures. */
function mayTakeLeftovers({ decoder, children }: DecoderNode, emptiedAbove: boolean): boolean {
  const emptied = emptiedAbove || renews(decoder.programName) || renews(decoder.prematch);
  if (!emptied && decoder.order.length > 0 && decoder.regex !== null && !renews(decoder.regex)) return true;
  return children.some((child) => mayTakeLeftovers(child, emptied));
}

/** After this expression matched nothing older is left: an osregex empties the captures, a pcre2 replaces them by its own. */
function renews(expression: Expression | null): boolean {
  if (expression === null) return false;
  return expression.dialect === "osregex" || (expression.dialect === "pcre2" && alwaysCaptures(expression.pattern));
}

function decodersIn({ decoder, children }: DecoderNode): Decoder[] {
  return [decoder, ...children.flatMap(decodersIn)];
}
