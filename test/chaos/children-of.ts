import { readdirSync, readFileSync } from 'node:fs';

/** Direct children of a process (Linux; none elsewhere). */
export function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent;
    } catch {
      return false; // gone meanwhile
    }
  });
}
