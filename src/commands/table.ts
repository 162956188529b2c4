import Table from "cli-table3";
import pc from "picocolors";

/** Rows for a person: ruled on a terminal, columns divided by tabs in a pipe. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (!process.stdout.isTTY) return [head, ...rows].map((row) => row.join("\t")).join("\n");
  const ruled = new Table({
    head: head.map((each) => pc.bold(each)),
    style: { head: [], border: pc.isColorSupported ? ["dim"] : [] },
    // A rule below the head only.
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
  });
  for (const row of rows) ruled.push(row.map(String));
  return ruled.toString();
}
