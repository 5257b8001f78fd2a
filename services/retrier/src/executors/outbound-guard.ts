import { BlockList, isIP } from 'node:net';

/** Ranges that are not the public internet (IANA special-purpose registries), and multicast. */
const notPublic: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, where clouds serve their metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96], // NAT64, 6to4 and Teredo carry an IPv4 address that could be any of the above
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 23],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function listOf(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, familyOf(address));
  return list;
}

const special = listOf(notPublic);

/** Says what may be called. */
export interface OutboundGuard {
  /** Whether the operator named this host, with this port or any: then it may have any address. */
  readonly isNamed: (host: string, port: number) => boolean;
  /** Whether a resolved address may be connected to, for a host that is not named. */
  readonly mayConnect: (address: string) => boolean;
}

/** An entry of the list that is neither a host, a host with a port, an address nor a range. */
export class OutboundAllowError extends Error {
  constructor(entry: string) {
    super(`"${entry}" is neither a host, host:port, an address nor a range such as 10.0.0.0/8`);
    this.name = 'OutboundAllowError';
  }
}

function rangeOf(entry: string): readonly [string, number] | undefined {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0) return undefined;
  const width = family === 4 ? 32 : 128;
  const length = bits === undefined ? width : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > width) throw new OutboundAllowError(entry);
  return [address, length];
}

const HOST = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?$/;

/**
 * Guards calls to addresses that events name. The public internet may be called; loopback, private and other
 * special addresses only where the list has the host, host:port, address or range. Throws
 * {@link OutboundAllowError} for an entry that is none of these.
 */
export function outboundGuard(allow: readonly string[]): OutboundGuard {
  const hosts = new Set<string>();
  const ranges: (readonly [string, number])[] = [];
  for (const entry of allow.map((given) => given.trim().toLowerCase()).filter((given) => given !== '')) {
    const range = rangeOf(entry);
    if (range !== undefined) ranges.push(range);
    else if (HOST.test(entry)) hosts.add(entry);
    else throw new OutboundAllowError(entry);
  }
  const allowed = listOf(ranges);
  return {
    isNamed: (host, port) => hosts.has(host.toLowerCase()) || hosts.has(`${host.toLowerCase()}:${port}`),
    mayConnect: (address) => {
      if (isIP(address) === 0) return false;
      const family = familyOf(address);
      return allowed.check(address, family) || !special.check(address, family);
    },
  };
}
