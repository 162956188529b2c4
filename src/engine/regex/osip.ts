/** Addresses and networks of `<srcip>`, `<dstip>` and address lists: OS_IsValidIP and OS_IPFound of validate_op.c. */
import type { Bytes } from "../bytes.js";
import { OCTET, parseIpv4, parseIpv6 } from "./address.js";
import { cString } from "./ascii.js";
import { ExpressionError } from "./expression.js";

const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
/** A final newline is accepted, because the real engine's pattern ends in PCRE2's `$`. */
const IPV4_NETWORK = new RegExp(`^(?:::[fF]{4}:)?(${IPV4})(?:/(3[0-2]|[1-2]?[0-9]|${IPV4}))?\\n?$`);
const IPV6_NETWORK = /^([0-9a-fA-F:]+)(?:\/(12[0-8]|1[01][0-9]|[0-9]?[0-9]))?\n?$/;

interface Network {
  readonly address: Uint8Array;
  readonly mask: Uint8Array;
}

/**
 * Compiles an address, a network with prefix length or (IPv4) netmask, or `any`. A leading `!` is dropped without
 * effect, as the real engine drops it.
 * @throws ExpressionError where the real engine refuses
 */
export function compileOsIp(source: Bytes): { test(address: Bytes): boolean } {
  const pattern = cString(source).replace(/^!/, "");
  if (pattern === "any") return ipv6Matcher({ address: new Uint8Array(16), mask: new Uint8Array(16) });
  const ipv4 = IPV4_NETWORK.exec(pattern);
  if (ipv4) return ipv4Matcher(network(parseIpv4(ipv4[1]!)!, ipv4Mask(ipv4[2] ?? "32")));
  const ipv6 = IPV6_NETWORK.exec(pattern);
  const address = ipv6 && parseIpv6(ipv6[1]!);
  // The real engine has no pattern for `::` with a prefix length.
  if (!address || (ipv6[1] === "::" && ipv6[2] !== undefined)) {
    throw new ExpressionError("invalid", source, `not an address or a network: "${source}"`);
  }
  return ipv6Matcher(network(address, prefixMask(Number(ipv6[2] ?? 128), 16)));
}

/**
 * An IPv6 address never lies in an IPv4 network, be it mapped (`::ffff:…`) or not: the real engine compares its bytes
 * with memory that holds the network's first byte under a mask of 0.
 */
function ipv4Matcher(ipv4: Network): { test(address: Bytes): boolean } {
  return { test: (text) => contains(ipv4, parseIpv4(text)) };
}

/** For an IPv4 address the real engine misreads the first eight bytes of the IPv6 network as an IPv4 one with its mask. */
function ipv6Matcher(ipv6: Network): { test(address: Bytes): boolean } {
  const misread: Network = { address: ipv6.address.subarray(0, 4), mask: ipv6.address.subarray(4, 8) };
  return {
    test: (text) => {
      const ipv4 = parseIpv4(text);
      return ipv4 ? contains(misread, ipv4) : contains(ipv6, parseIpv6(text));
    },
  };
}

function contains({ address: wanted, mask }: Network, address: Uint8Array | null): boolean {
  return address?.every((byte, i) => (byte & mask[i]!) === wanted[i]) ?? false;
}

function network(address: Uint8Array, mask: Uint8Array): Network {
  return { address: address.map((byte, i) => byte & mask[i]!), mask };
}

function ipv4Mask(text: Bytes): Uint8Array {
  return text.length > 2 ? parseIpv4(text)! : prefixMask(Number(text), 4);
}

/** A mask of `size` bytes whose first `prefix` bits are set. */
function prefixMask(prefix: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => 0xff00 >> Math.min(8, Math.max(0, prefix - i * 8)));
}
