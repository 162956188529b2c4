import { LOG_FORMS } from "../postgresql/log-forms.js";
import { PRESETS } from "../postgresql/presets.js";
import { EVERYTHING, GRANTS } from "./grants.js";

const NAME = { type: "string", minLength: 1 };
/** Part of a rule's key. */
const LABEL = { type: "string", pattern: "^[a-z][a-z0-9-]*$" };
const CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const QUALIFIED_NAMES = {
  type: "array",
  uniqueItems: true,
  items: { type: "string", pattern: "^[^.\\s:]+\\.[^.\\s:]+$" },
};

const ACCOUNT = {
  type: "object",
  additionalProperties: false,
  required: ["may"],
  properties: {
    may: { type: "array", uniqueItems: true, items: { enum: [EVERYTHING, ...Object.keys(GRANTS)] } },
    kind: { enum: ["person", "service"] },
    from: { type: "array", minItems: 1, uniqueItems: true, items: LABEL },
    during: LABEL,
    audit: { enum: PRESETS },
    note: { type: "string" },
  },
};

const WINDOW = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: {
    hours: { type: "string", pattern: `^${CLOCK}-${CLOCK}$` },
    weekdays: { type: "array", minItems: 1, uniqueItems: true, items: { enum: WEEKDAYS } },
  },
};

const EXCEPTION = {
  type: "object",
  additionalProperties: false,
  required: ["name", "rule", "account", "owner", "reason", "expires"],
  properties: {
    name: LABEL,
    rule: NAME,
    account: NAME,
    object: NAME,
    owner: NAME,
    reason: NAME,
    expires: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$" },
  },
};

/** JSON schema of `site.yaml`. */
export const sitePolicySchema = {
  type: "object",
  additionalProperties: false,
  required: ["accounts", "sensitive_relations", "postgresql"],
  properties: {
    accounts: { type: "object", propertyNames: NAME, additionalProperties: ACCOUNT },
    places: {
      type: "object",
      propertyNames: LABEL,
      additionalProperties: { type: "array", minItems: 1, uniqueItems: true, items: NAME },
    },
    windows: { type: "object", propertyNames: LABEL, additionalProperties: WINDOW },
    sensitive_relations: QUALIFIED_NAMES,
    sensitive_routines: QUALIFIED_NAMES,
    thresholds: {
      type: "object",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["times", "seconds"],
        properties: { times: { type: "integer", minimum: 2 }, seconds: { type: "integer", minimum: 1 } },
      },
    },
    exceptions: { type: "array", items: EXCEPTION },
    postgresql: {
      type: "object",
      additionalProperties: false,
      required: ["preset", "log_form", "log_location", "audit_role"],
      properties: {
        preset: { enum: PRESETS },
        log_form: { enum: [...LOG_FORMS] },
        log_location: { type: "string", pattern: "^/" },
        audit_role: NAME,
      },
    },
  },
};
