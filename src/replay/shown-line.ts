import type { Bytes } from "../engine/bytes.js";

/** A line kept for a reader: control characters made visible, cut at `width` characters. */
export function shownLine(line: Bytes, width: number): string {
  const text = Buffer.from(line, "latin1")
    .toString("utf8")
    .replace(/[\x00-\x1f\x7f]/g, "·");
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
