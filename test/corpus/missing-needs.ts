import { accessSync, constants, existsSync } from 'node:fs';
import type { Scenario, ToolScenarios } from './scenario.ts';
import { postgresBinaries } from './servers/postgres.ts';
import { toolchainBinaries } from './toolchains.ts';

const onPath = (name: string, more: readonly string[]): boolean =>
  [...more, ...(process.env['PATH'] ?? '').split(':')].some((folder) => {
    try {
      accessSync(name.startsWith('/') ? name : `${folder}/${name}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Names what a scenario needs and this machine lacks; empty when it can run. */
export function missingNeeds(tool: ToolScenarios, scenario: Scenario): readonly string[] {
  const toolchains = [...(tool.toolchains ?? []), ...(scenario.toolchains ?? [])];
  const folders = toolchains.map(toolchainBinaries);
  const binaries = [
    ...tool.needs,
    ...(scenario.needs ?? []),
    ...(scenario.offline === true ? ['unshare'] : []),
    ...(scenario.smallDisk === undefined ? [] : ['mount']),
  ];
  const rights =
    scenario.asRoot === true ||
    scenario.offline === true ||
    scenario.smallDisk !== undefined ||
    scenario.memoryLimitBytes !== undefined;
  return [
    ...binaries.filter((name) => !onPath(name, folders)),
    ...(rights && process.getuid?.() !== 0 ? ['root'] : []),
    ...(scenario.memoryLimitBytes !== undefined && !existsSync('/sys/fs/cgroup/memory/cgroup.procs')
      ? ['memory control group']
      : []),
    ...(scenario.helpers?.includes('postgres') === true && postgresBinaries() === undefined
      ? ['postgres']
      : []),
  ];
}
