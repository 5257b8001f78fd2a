import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** A call that the guard does not let through. */
export class OutboundRefused extends Error {
  constructor(host: string, why: string) {
    super(`${host} is not called: ${why}; FAULTLINE_OUTBOUND_ALLOW can let it through`);
    this.name = 'OutboundRefused';
  }
}

/** Checks where a call goes before it is made; rejects with {@link OutboundRefused}. */
export type OutboundGuard = (url: URL) => Promise<void>;

/**
 * Addresses that are not on the public internet (IANA special-purpose registries, RFC 6890 and later). An IPv4
 * address that is written inside an IPv6 one is compared with the IPv4 ranges by BlockList itself.
 */
const special: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 127],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family(network));
  return list;
}

function parseAllow(allow: string): { readonly hosts: ReadonlySet<string>; readonly ranges: BlockList } {
  const hosts = new Set<string>();
  const ranges = new BlockList();
  for (const entry of allow.split(',').map((part) => part.trim().toLowerCase())) {
    if (entry === '') continue;
    const [network = '', prefix, ...rest] = entry.split('/');
    if (isIP(network) === 0) {
      if (prefix !== undefined) throw new Error(`FAULTLINE_OUTBOUND_ALLOW: ${entry} is no range`);
      hosts.add(network);
      continue;
    }
    const bits = prefix === undefined ? (isIP(network) === 6 ? 128 : 32) : Number(prefix);
    const whole =
      rest.length === 0 && Number.isInteger(bits) && bits >= 0 && bits <= (isIP(network) === 6 ? 128 : 32);
    if (!whole) throw new Error(`FAULTLINE_OUTBOUND_ALLOW: ${entry} is no range`);
    ranges.addSubnet(network, bits, family(network));
  }
  return { hosts, ranges };
}

/**
 * A guard that lets calls out to public addresses alone, and only encrypted, except hosts, addresses and
 * ranges that `allow` names. Every address that a name stands for must pass. Between this look-up and the
 * call's own a name could come to stand for something else: targets come from the configuration, never from
 * a record, and redirects are not followed. Throws where `allow` is malformed.
 */
export function outboundGuard(
  allow: string,
  resolve: (host: string) => Promise<readonly string[]> = async (host) =>
    (await lookup(host, { all: true })).map(({ address }) => address),
): OutboundGuard {
  const { hosts, ranges } = parseAllow(allow);
  const notPublic = blockList(special);
  return async (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (hosts.has(host) || hosts.has(url.host.toLowerCase())) return;
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    const rest = addresses.filter((address) => !ranges.check(address, family(address)));
    if (rest.length === 0 && addresses.length > 0) return;
    const inside = rest.find((address) => notPublic.check(address, family(address)));
    if (inside !== undefined) throw new OutboundRefused(host, `${inside} is not a public address`);
    if (!['https:', 'smtps:', 'smtp:'].includes(url.protocol)) {
      throw new OutboundRefused(host, `${url.protocol} is not encrypted`);
    }
  };
}
