import { describe, expect, it } from "vitest";
import { LOG_FORMS, logFileOf, logFormSettings } from "../../src/postgresql/log-forms.js";

describe("logFormSettings", () => {
  it.each(LOG_FORMS)("%s audits everything and tells when sessions begin and end", (form) => {
    expect(logFormSettings(form)).toMatchObject({
      shared_preload_libraries: expect.stringMatching(/^pgaudit\b/),
      "pgaudit.log": "all",
      log_connections: "on",
      log_disconnections: "on",
    });
  });

  it("puts each form where its file is looked for", () => {
    expect(logFormSettings("jsonlog").log_destination).toBe("jsonlog");
    expect(logFileOf("jsonlog")).toBe("log/postgresql.json");
    expect(logFormSettings("syslog-rfc3339").syslog_split_messages).toBe("off");
    expect(logFileOf("syslog-rfc3339")).toBeNull();
  });
});
