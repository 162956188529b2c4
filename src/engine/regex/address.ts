/** Textual addresses to bytes, as `inet_pton` of glibc reads them. */
import type { Bytes } from "../bytes.js";

/** Regular expression source of one decimal octet: no leading zero, at most 255. */
export const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/;

/** The four bytes of a dotted IPv4 address, or null. */
export function parseIpv4(text: Bytes): Uint8Array | null {
  return IPV4.test(text) ? Uint8Array.from(text.split("."), Number) : null;
}

/** The sixteen bytes of an IPv6 address, whose last four may be written as IPv4, or null. */
export function parseIpv6(text: Bytes): Uint8Array | null {
  const halves = hexOnly(text)?.split("::") ?? [];
  if (halves.length < 1 || halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const groups = [...head!, ...(tail ?? [])];
  if (!groups.every((group) => HEX_GROUP.test(group))) return null;
  if (tail ? groups.length > 7 : groups.length !== 8) return null;
  const bytes = new Uint8Array(16);
  groups.forEach((group, i) => {
    const place = i < head!.length ? i : 8 - groups.length + i;
    const value = Number.parseInt(group, 16);
    bytes[place * 2] = value >> 8;
    bytes[place * 2 + 1] = value & 0xff;
  });
  return bytes;
}

/** The address with a final dotted part rewritten as two groups, or null when that part is none. */
function hexOnly(text: Bytes): Bytes | null {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const ipv4 = parseIpv4(text.slice(start));
  if (!ipv4) return null;
  const [a, b, c, d] = ipv4 as unknown as [number, number, number, number];
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
