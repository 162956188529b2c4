/** Files of rules, decoders and lists: what is checked of them before they are written, and what happens to them on the way. */
import { XMLValidator } from "fast-xml-parser";
import type { SeenRequest } from "./api-double.js";
import type { ManagerDouble } from "./manager-double.js";
import { failure, items, type Reply, refused, text } from "./replies.js";

const XML_FILE = /^[\w-]+\.xml$/;
const LIST_FILE = /^[-\w]+$/;
const DIRECTORY = /^(?:(?:(?:etc|ruleset)\/(?:decoders|rules)[\w\-/]*)|(?:etc\/lists[\w\-/]*))$/;
const LIST_LINE = /^(?:[^:"\s]+|"[\w\-: ]+"):(?:"[\w\-: ]*"|[^:"]*)$/;
const FORMULA = />\s*[=+\-@][^<]*['"]/;

export type Kind = "rules" | "decoders" | "lists";

/** `swallowed`: an upload is answered as if it had been written, and is not. */
export function filesReply(
  manager: ManagerDouble,
  request: SeenRequest,
  kind: Kind,
  name: string | undefined,
  swallowed: boolean,
): Reply {
  const { method, query } = request;
  const { files } = manager;
  const directory = query.get("relative_dirname");
  if (directory !== null && !DIRECTORY.test(directory))
    return refused(400, "Bad Request", `'${directory}' is not valid`);
  if (name === undefined) {
    const all = [...files.keys()]
      .filter((path) => new RegExp(`^(?:etc|ruleset)/${kind}/`).test(path) && !path.endsWith(".backup"))
      .map((path) => ({ filename: path.replace(/^.*\//, ""), relative_dirname: path.replace(/\/[^/]*$/, "") }))
      .filter((file) => directory === null || file.relative_dirname === directory)
      .sort((a, b) => (a.filename < b.filename ? -1 : 1));
    const offset = Number(query.get("offset") ?? 0);
    const page = all.slice(offset, offset + Number(query.get("limit") ?? 500));
    return items(page, all.length);
  }
  if (!(kind === "lists" ? LIST_FILE : XML_FILE).test(name))
    return refused(400, "Bad Request", `'${name}' is not valid`);
  const path = pathOf(manager, kind, name, directory);
  const there = files.get(path) ?? (directory === null ? files.get(`ruleset/${kind}/${name}`) : undefined);
  if (method === "GET")
    return there
      ? text(there, kind === "lists" ? "text/plain" : "application/xml")
      : failure(name, 1415, "file not found");
  if (method === "DELETE") {
    if (!there) return failure(name, 1906, "file does not exist");
    files.delete(path);
    return items([path]);
  }
  if (request.contentType !== "application/octet-stream")
    return refused(406, "Not Acceptable", "wrong content type", 6002);
  if (request.body.length === 0) return failure(name, 1112, "empty files are not supported");
  const overwrite = query.get("overwrite") === "true";
  if (there && !overwrite) return failure(name, 1905, "file already exists");
  if (path !== `etc/${kind}/${name}`) return failure(name, 1805, "a file of this name is in a subdirectory");
  return swallowed ? items([path]) : upload(manager, kind, path, request.body);
}

/** Lists are found in whatever folder they are. */
function pathOf({ files }: ManagerDouble, kind: Kind, name: string, directory: string | null): string {
  const direct = `${directory ?? `etc/${kind}`}/${name}`;
  if (kind !== "lists" || files.has(direct)) return direct;
  const below = [...files.keys()].find((path) => /^etc\/lists\/.+/.test(path) && path.endsWith(`/${name}`));
  return below ?? direct;
}

function upload(manager: ManagerDouble, kind: Kind, path: string, body: Buffer): Reply {
  const { files } = manager;
  const content = body.toString();
  if (kind === "lists") {
    const bad = content
      .replace(/\n$/, "")
      .split("\n")
      .some((line) => !LIST_LINE.test(line));
    if (bad) return failure(path, 1800, "the format of the list is not correct");
    files.set(path, body);
    return items([path]);
  }
  if (XMLValidator.validate(`<root>${content.replaceAll("&", "&amp;")}</root>`) !== true)
    return failure(path, 1113, "XML syntax error");
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(content))
    return refused(500, "Internal Server Error", "Wazuh Internal Error", 1000);
  const old = files.get(path);
  files.set(path, Buffer.from(content.replace(FORMULA, (found) => `>'${found.slice(1)}`)));
  if (manager.check().loads) return items([path]);
  if (old) files.set(path, old);
  else files.delete(path);
  return failure(path, 1113, "XML syntax error");
}
