import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { relative } from 'node:path';
import { places, type Replacement } from './normalise.ts';
import { cacheFolder, toolchainFolder } from './toolchains.ts';

const pythonRoot = (): string => {
  try {
    return execFileSync('python3', ['-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

let basePython: string | undefined;

/** Addresses of the machine's name servers, which resolvers print. */
const nameServers = (): readonly string[] => {
  try {
    return [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].flatMap(
      (match) => match[1] ?? [],
    );
  } catch {
    return [];
  }
};

/**
 * Texts that name this machine in what a scenario prints, and what stands in their place.
 * `root` holds the scenario's project and home folder.
 */
export const machineNames = (root: string, certificates: string): readonly Replacement[] => {
  basePython ??= pythonRoot();
  const project = `${root}/app`;
  return [
    { from: project, to: places.project },
    { from: `${root}/home`, to: places.home },
    { from: `${root}/shell`, to: places.temp },
    { from: root, to: '/builds/acme' },
    { from: encodeURIComponent(project), to: encodeURIComponent(places.project) },
    { from: certificates, to: '/etc/acme/certificates' },
    { from: release(), to: '6.1.0' },
    ...nameServers().map((from) => ({ from, to: '127.0.0.53' })),
    { from: relative(project, `${toolchainFolder('js')}/node_modules`), to: 'node_modules' },
    { from: `${toolchainFolder('js')}/node_modules`, to: `${places.project}/node_modules` },
    { from: toolchainFolder('js'), to: places.project },
    { from: toolchainFolder('python'), to: places.python },
    { from: `${cacheFolder}/m2`, to: `${places.home}/.m2/repository` },
    { from: `${cacheFolder}/kafka`, to: '/opt/kafka' },
    { from: cacheFolder, to: '/builds/cache' },
    ...(basePython === '' || basePython === '/usr' ? [] : [{ from: basePython, to: places.python }]),
    ...(homedir() === '/' ? [] : [{ from: homedir(), to: places.home }]),
  ];
};
