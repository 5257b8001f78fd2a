import { cpus, totalmem } from 'node:os';

/** Median, least and most of several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One row of a benchmark. */
export interface BenchRow {
  readonly id: string;
  readonly runs: number;
  readonly recordsPerS: Spread;
  readonly cpuSPerMillion: { readonly total: number; readonly byProcess: Readonly<Record<string, number>> };
  readonly rssMb: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number } | null;
}

/** What a benchmark prints. */
export interface BenchResult {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly node: string;
  };
  readonly load: {
    readonly records: number;
    readonly bytes: number;
    readonly partitions: number;
    readonly mix: string;
  };
  readonly rows: readonly BenchRow[];
  readonly ratios: Readonly<Record<string, number>>;
}

/** This machine. */
export const machine = (): BenchResult['machine'] => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

/** Value below which a share of the sorted values lies; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Median, least and most. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
