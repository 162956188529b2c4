import { postgresql } from "../decoders/postgresql.js";
import { pack, pcre2 } from "../src/index.js";
import { alterTable } from "./alter-table.js";
import { auditTampering } from "./audit-tampering.js";
import { authentication } from "./authentication.js";
import {
  announcement,
  audit,
  connected,
  connectedFromAfar,
  ddl,
  failed,
  forgedAudit,
  misc,
  objectAudit,
  objectWrite,
  read,
  record,
  role,
  routine,
  write,
} from "./base.js";
import { codeTampering } from "./code-tampering.js";
import { createTable } from "./create-table.js";
import { createUser } from "./create-user.js";
import { dataExfiltration } from "./data-exfiltration.js";
import { dropTable } from "./drop-table.js";
import { dropUser } from "./drop-user.js";
import { dropView } from "./drop-view.js";
import { privilegedOperation } from "./privileged-operation.js";
import { routineExecution } from "./routine-execution.js";
import { wrappedObject } from "./wrapped-object.js";

/** PostgreSQL database activity monitoring. */
export default pack({
  name: "dam",
  title: "PostgreSQL database activity monitoring",
  group: "dam_postgresql",
  actor: {
    account: "srcuser",
    address: "srcip",
    client: "pg.client",
    socket: pcre2("^(?:\\[?local\\]?)$"),
    object: "pg.object",
  },
  ids: [110_000, 110_999],
  decoders: [postgresql],
  base: [
    record,
    connected,
    connectedFromAfar,
    announcement,
    forgedAudit,
    failed,
    objectAudit,
    objectWrite,
    audit,
    ddl,
    role,
    routine,
    read,
    write,
    misc,
  ],
  useCases: [
    routineExecution,
    codeTampering,
    wrappedObject,
    dropView,
    alterTable,
    dropTable,
    privilegedOperation,
    createUser,
    createTable,
    dropUser,
    dataExfiltration,
    auditTampering,
    authentication,
  ],
});
