import { describe, expect, it } from "vitest";
import { predecode } from "../../src/engine/predecoder.js";

function read(message: string, location = "stdin") {
  return predecode(message, location, "mgr")!;
}

describe("dates", () => {
  it.each([
    ["Dec 29 10:00:01 h p: text", "Dec 29 10:00:01"],
    ["2015-04-16 21:51:02,805 h p: text", "2015-04-16 21:51:02,805"],
    ["2007-06-14T15:48:55-04:00 h p: text", "2007-06-14T15:48:55-04:00"],
    ["2009-05-22T09:36:46.214994-07:00 h p: text", "2009-05-22T09:36:46.214994-07:00"],
    ["2022-12-19T15:02:53.288+00:00 h p: text1234567", "2022-12-19T15:02:53.288+00:00"],
    ["2015 Dec 29 10:00:01 h p: text", "2015 Dec 29 10:00:01"],
    ["2021-04-21 10:16:09.404756-0700 h p: text", "2021-04-21 10:16:09.404756-0700"],
  ])("%s: header behind it", (message, timestamp) => {
    const found = read(message);
    expect(found).toMatchObject({ timestamp, hostname: "h", programName: "p" });
    expect(found.log).toMatch(/^text/);
  });

  it.each([
    ["Mon Apr 17 18:27:14 2006 1 64.160.42.130", "Mon Apr 17 18:27:14 2006", "1 64.160.42.130"],
    ["01/28-09:13:16.240702  [**] x", "01/28-09:13:16.240702", "[**] x"],
    ["01/28/1979-09:13:16.240702  [**]", "01/28/1979-09:13:16.240702", "[**]"],
    ["[Fri Feb 11 18:06:35 2004] [warn] x", "Fri Feb 11 18:06:35 2004", "[warn] x"],
    ["1140804070.368  11623 1.2.3.4 TCP_MISS", "1140804070.368 ", "11623 1.2.3.4 TCP_MISS"],
  ])("%s: no header", (message, timestamp, log) => {
    expect(read(message)).toMatchObject({ timestamp, hostname: "mgr", programName: null, log });
  });

  it("a fraction that ends in Z is cut at 32 bytes, host name included", () => {
    expect(read("2022-12-19T15:02:53.288Z host prog: text")).toMatchObject({ programName: "og", log: "text" });
  });

  it("a month with an umlaut is found, and the cut misses by one", () => {
    expect(read("M\xc3\xa4r 02 17:30:52 h p: text")).toMatchObject({
      timestamp: "M\xc3\xa4r 02 17:30:5",
      hostname: "h",
    });
  });

  it("a line that is one byte too short has no date", () => {
    expect(read("Dec 29 10:00:01 ").timestamp).toBeNull();
    expect(read("Dec 29 10:00:01 x").timestamp).toBe("Dec 29 10:00:01");
  });
});

describe("syslog header", () => {
  const behind = (rest: string) => read(`Dec 29 10:00:01 ${rest}`);

  it.each([
    ["host prog: text", "host", "prog", "text"],
    ["host prog:text", "host", "prog", "text"],
    ["host prog[12]: text", "host", "prog", "text"],
    ["host prog[12] text", "host", "prog", "text"],
    ["host prog[12x] text", "host", null, "prog[12x] text"],
    ["host prog text", "host", null, "prog text"],
    ["prog: text", "mgr", "prog", "text"],
    ["ho,st prog: text", "mgr", null, "ho,st prog: text"],
    [" host prog: text", "host", "prog", "text"],
    ["host prog: [ID 197553 auth.notice] text", "host", "prog", "text"],
    ["host auth|security:info sshd: text", "host", "sshd", "text"],
    ["host auth|security:info sshd[1]: text", "host", "sshd", "text"],
    ["host auth|security:info sshd[1] text", "host", "sshd", "auth|security:info sshd"],
    ["host auth|security:info sshd text", "host", "sshd text", " text"],
    ["host : text", "host", "", "text"],
  ])("%s", (rest, hostname, programName, log) => {
    expect(behind(rest)).toMatchObject({ hostname, programName, log });
  });
});

it("Apple System Log: sender, first message, host", () => {
  const message = "[Time 2006.12.28 15:53:55 UTC] [Sender sshd] [Message error: x] [Message y] [Host h]";
  expect(read(message)).toMatchObject({ timestamp: null, hostname: "h", programName: "sshd", log: "error: x" });
});

describe("locations", () => {
  it("an agent's name replaces the host of the log", () => {
    expect(read("Dec 29 10:00:01 host p: t", "[001] (web) any->/var/log/x")).toMatchObject({
      agentId: "001",
      hostname: "web",
      location: "(web) any->/var/log/x",
    });
  });

  it("an agent without a name has an empty host", () => {
    expect(read("text", "[1] x->y")).toMatchObject({ agentId: "1", hostname: "", location: "x->y" });
  });

  it("a bracket that is never closed is a format error", () => {
    expect(predecode("text", "[001", "mgr")).toBeNull();
  });

  it("a long location is cut, escapes counting two", () => {
    expect(read("text", "a".repeat(3000)).location).toHaveLength(2048);
    expect(read("text", ":".repeat(3000)).location).toHaveLength(1024);
  });
});
