import { isIP } from "node:net";

/** What a place lists for the server's own socket. */
export const LOCAL = "local";

/** Why this is no member of a place, in words; null when it is an address, a network in CIDR or `local`. */
export function networkFault(text: string): string | null {
  if (text === LOCAL) return null;
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%") || more.length > 0) return "it is no address, no network and not local";
  const most = version === 4 ? 32 : 128;
  if (bits !== undefined && !(/^(?:0|[1-9]\d*)$/.test(bits) && Number(bits) <= most))
    return `its length must be 0 to ${most}`;
  return null;
}
