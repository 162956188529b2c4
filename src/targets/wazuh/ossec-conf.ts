import { listsOf } from "../../compiler/rule-order.js";
import type { PackNode } from "../../ir/nodes.js";
import type { EmittedFile } from "../emitted-file.js";
import { xmlText } from "./xml-text.js";

/** What ossec.conf of every manager node needs: the lists. A rule whose list is not declared there is dropped. */
export function rulesetFragment(pack: PackNode): EmittedFile {
  return {
    path: "wazuh/ossec-ruleset.conf",
    text: xmlText([
      { comment: `${pack.title}: to be merged into the ossec_config of every manager node` },
      {
        name: "ossec_config",
        children: [
          {
            name: "ruleset",
            children: listsOf(pack).map((list) => ({ name: "list", text: `etc/lists/${list.name}` })),
          },
        ],
      },
    ]),
  };
}
