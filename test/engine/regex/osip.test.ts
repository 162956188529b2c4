import { describe, expect, it } from "vitest";
import { compileOsIp } from "../../../src/engine/regex/osip.js";

describe("osip", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3", "10.1.2.4", false],
    ["10.0.0.0/8", "10.200.1.1", true],
    ["10.0.0.0/255.0.0.0", "11.0.0.1", false],
    ["1.2.3.4/0", "9.9.9.9", true],
    ["192.168.1.77/24", "192.168.1.1", true],
    ["::ffff:10.0.0.0/8", "10.1.1.1", true],
    ["2001:db8::/32", "2001:db8:1::1", true],
    ["2001:DB8::/32", "2001:db9::", false],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["1::/16", "1:2::3.4.5.6", true],
    ["any", "1.2.3.4", true],
    ["any", "fe80::1", true],
    ["any", "host", false],
    ["!10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3\n", "10.1.2.3", true],
    ["10.0.0.0/8", "010.1.1.1", false],
    ["10.0.0.0/8", "10.1.1.1/24", false],
  ])("%j holds %j: %j", (pattern, address, expected) => {
    expect(compileOsIp(pattern).test(address)).toBe(expected);
  });

  it("lets no IPv6 address into an IPv4 network", () => {
    expect(compileOsIp("10.0.0.0/8").test("::ffff:10.1.1.1")).toBe(false);
  });

  it("misreads an IPv6 network as an IPv4 one with its mask", () => {
    expect(compileOsIp("::").test("8.8.8.8")).toBe(true);
    expect(compileOsIp("a00:0:ff00::").test("10.9.9.9")).toBe(true);
    expect(compileOsIp("a00:0:ff00::").test("11.9.9.9")).toBe(false);
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.*",
    "10.0.0.256",
    "1.2.3.4/33",
    "1.2.3.4/024",
    "01.2.3.4",
    "::/0",
    "1::2::3",
    "[::1]",
    "::1/129",
    "!!1.2.3.4",
    "::1.2.3.4",
  ])("refuses %j", (pattern) => {
    expect(() => compileOsIp(pattern)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
