/** `<options>`: one word per element, in this case of letters. */
import { fromBytes } from "../engine/bytes.js";
import type { Reporter } from "./reporter.js";
import type { RuleBody } from "./rule-draft.js";
import type { XmlElement } from "./xml.js";

export function readOption(element: XmlElement, rule: number, options: RuleBody["options"], reporter: Reporter): void {
  switch (element.content) {
    case "alert_by_email":
      options.mail = true;
      return;
    case "no_email_alert":
      if (options.mail) dropFlag(options, "mail");
      return;
    case "log_alert":
      options.logAlert = true;
      return;
    case "no_log":
      if (options.logAlert) dropFlag(options, "logAlert");
      return;
    case "no_ar":
      // Active responses are no business of this engine.
      return;
    case "no_full_log":
      options.noFullLog = true;
      return;
    case "no_counter":
      options.noCounter = true;
      return;
    default: {
      const message = `option "${fromBytes(element.content)}" of rule ${rule} is unknown`;
      reporter.refuse("rule-option-unknown", message, element.where);
    }
  }
}

/** The real engine clears a flag with a mask that is too short, and no_counter goes with it. */
function dropFlag(options: RuleBody["options"], flag: "mail" | "logAlert"): void {
  options[flag] = false;
  options.noCounter = false;
}
