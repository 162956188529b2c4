import Table from "cli-table3";
import pc from "picocolors";

/** The look of every table: a rule below the head, and nothing else. */
export const RULED_BELOW_HEAD = {
  style: { head: [], border: pc.isColorSupported ? ["dim"] : [] },
  chars: {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: " ",
  },
};

/** Rows for a person: ruled on a terminal, columns divided by tabs in a pipe. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (!process.stdout.isTTY) return [head, ...rows].map((row) => row.join("\t")).join("\n");
  const ruled = new Table({ ...RULED_BELOW_HEAD, head: head.map((each) => pc.bold(each)) });
  for (const row of rows) ruled.push(row.map(String));
  return ruled.toString();
}
