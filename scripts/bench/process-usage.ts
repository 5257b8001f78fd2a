import { readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second (`getconf CLK_TCK`), the same on every Linux that Node runs on. */
const TICKS_PER_S = 100;

/** CPU time that a process has used, in seconds, and its memory. Linux alone. */
export function usageOf(pid: number): { readonly cpuS: number; readonly rssMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const pages = Number(fields[21]);
  return { cpuS: ticks / TICKS_PER_S, rssMb: (pages * 4096) / 2 ** 20 };
}
