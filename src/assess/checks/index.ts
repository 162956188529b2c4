import type { Check } from "../check.js";
import { AUDIT_ROLE } from "./audit-role.js";
import { AUDIT_SETTINGS } from "./audit-settings.js";
import { CLIENTS } from "./clients.js";
import { CODE } from "./code.js";
import { LOG_SETTINGS } from "./log-settings.js";
import { MEMBERSHIPS } from "./memberships.js";
import { OVERRIDES } from "./overrides.js";
import { PARAMETER_GRANT_CHECKS } from "./parameter-grants.js";
import { PGAUDIT } from "./pgaudit.js";
import { PUBLIC_PRIVILEGES } from "./public-privileges.js";
import { ROLE_CHECKS } from "./roles.js";
import { SURROUNDINGS } from "./surroundings.js";

/** Every check, by topic. */
export const CHECKS: readonly Check[] = [
  ...PGAUDIT,
  ...AUDIT_SETTINGS,
  ...OVERRIDES,
  ...PARAMETER_GRANT_CHECKS,
  ...LOG_SETTINGS,
  ...AUDIT_ROLE,
  ...ROLE_CHECKS,
  ...MEMBERSHIPS,
  ...CODE,
  ...PUBLIC_PRIVILEGES,
  ...CLIENTS,
  ...SURROUNDINGS,
];
