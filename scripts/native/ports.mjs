import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { Failure } from './failure.mjs';

/** Where blocks of ports begin when nobody asks for one. */
export const defaultPortBase = 19_000;

/** Ports in a block, and the distance between blocks that are tried. */
export const blockSize = 50;

/** Which port of a block is whose: offset from its base. */
export const portOffsets = /** @type {const} */ ({
  analytics: 0,
  gateway: 1,
  classifier: 2,
  retrier: 3,
  fixer: 4,
  escalator: 5,
  system: 6,
  registry: 10,
  postgres: 11,
  prometheus: 12,
  grafana: 13,
  broker1: 21,
  broker2: 22,
  broker3: 23,
  controller1: 31,
  controller2: 32,
  controller3: 33,
  guard: 49,
});

/** @typedef {keyof typeof portOffsets} PortName */

/**
 * Every named port of the block at `base`.
 *
 * @param {number} base
 * @returns {Record<PortName, number>}
 */
export function portsOf(base) {
  return /** @type {Record<PortName, number>} */ (
    Object.fromEntries(Object.entries(portOffsets).map(([name, offset]) => [name, base + offset]))
  );
}

/**
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Claims a block: binds its guard port for the life of this process, so that two lines that start
 * at once never choose the same block, then looks whether the others are free.
 * With `exact` a taken port is a failure that says who has it; else the next block is tried.
 *
 * @param {{ base?: number, exact?: boolean, names?: readonly PortName[] }} [options]
 * @returns {Promise<{ base: number, ports: Record<PortName, number>, release: () => void }>}
 */
export async function claimPorts(options = {}) {
  const { base: first = defaultPortBase, exact = false } = options;
  const names = options.names ?? /** @type {PortName[]} */ (Object.keys(portOffsets));
  const attempts = exact ? 1 : 40;
  for (let i = 0, base = first; i < attempts && base + blockSize <= 65_536; i += 1, base += blockSize) {
    const ports = portsOf(base);
    const guard = await bindGuard(ports.guard);
    if (guard === undefined) {
      if (exact) throw takenFailure('guard', ports.guard);
      continue;
    }
    const taken = await firstTaken(names, ports);
    if (taken === undefined) return { base, ports, release: () => guard.close() };
    guard.close();
    if (exact) throw takenFailure(taken, ports[taken]);
  }
  throw new Failure(`no free block of ${blockSize} ports from ${first} on`, {
    remedy: 'name one with --port-base N, or stop what holds them',
  });
}

/** @param {PortName} name @param {number} port */
function takenFailure(name, port) {
  const owner = portOwner(port);
  return new Failure(`port ${port} (${name}) is taken${owner === undefined ? '' : ` by ${owner}`}`, {
    remedy:
      'stop that process, name another block with --port-base N, or leave --port-base out: the next free block is then taken',
  });
}

/** @param {readonly PortName[]} names @param {Record<PortName, number>} ports */
async function firstTaken(names, ports) {
  for (const name of names) {
    if (name !== 'guard' && !(await isPortFree(ports[name]))) return name;
  }
  return undefined;
}

/** @param {number} port @returns {Promise<net.Server | undefined>} */
function bindGuard(port) {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * Which process listens on a port, as "PID (name)"; undefined where that cannot be seen.
 *
 * @param {number} port
 */
export function portOwner(port) {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningInodes(file, port)));
  if (inodes.size === 0) return undefined;
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      let descriptors = [];
      try {
        descriptors = readdirSync(`/proc/${pid}/fd`);
      } catch {
        continue; // another user's
      }
      for (const descriptor of descriptors) {
        try {
          const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
          if (inodes.has(target.replace(/^socket:\[(\d+)\]$/, '$1'))) {
            return `${pid} (${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()})`;
          }
        } catch {
          // closed meanwhile
        }
      }
    }
  } catch {
    // no /proc
  }
  return undefined;
}

/** @param {string} file @param {number} port */
function listeningInodes(file, port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A')
      .map((fields) => fields[9] ?? '');
  } catch {
    return [];
  }
}
