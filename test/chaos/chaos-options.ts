import { parseArgs } from 'node:util';
import { faultNames, type FaultName } from './fault-names.ts';
import { mutationNames, type MutationName } from './mutations.ts';

export { faultNames, type FaultName };

/** What a run is asked for. */
export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly brokers: 1 | 3;
  readonly faults: readonly FaultName[];
  /** Folder that what the run left is kept in. */
  readonly keep: string | undefined;
  /** Folder of an earlier run, which is verified instead of running anything. */
  readonly verify: string | undefined;
  /** A guarantee that is broken on purpose, in a copy of the tree. */
  readonly mutate: MutationName | 'all' | undefined;
  /** First of 200 ports; the first free ones from 25,000 on where absent. */
  readonly portBase: number | undefined;
  /** Whose services are run: this tree where absent. */
  readonly tree: string | undefined;
  /** How long a line may take to settle once the faults are over. */
  readonly settleMs: number;
  /** Records a second. */
  readonly rate: number;
}

const SETTLE_MS = 240_000;

/** Wrong usage: exit code 2. */
export class UsageError extends Error {}

export const usage = `npm run chaos -- [options]   faults from a seed against a line of its own, then proof that nothing was lost or doubled
  --minutes M      how long faults are injected under load (default 5)
  --seed S         seed of load and faults (default 1)
  --brokers N      1 or 3 (default 1)
  --faults LIST    all (default) or some of ${faultNames.join(',')}
  --keep DIR       leaves acknowledgements, topics, tables and what the outside systems were sent there
  --rate N         records a second (default 12)
  --port-base N    first of 200 ports, a multiple of ten (default the first free ones from 25000 on)
  --tree DIR       runs the built services of another tree
  --verify DIR     only verifies what an earlier run left in DIR
  --mutate NAME    breaks a guarantee in a copy of the tree and shows that it is seen; all or one of
                   ${mutationNames.join(', ')}`;

/** Reads the arguments. Throws a {@link UsageError}. */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const text = { type: 'string' } as const;
  const read = (): Readonly<Record<string, string | undefined>> => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          minutes: text,
          seed: text,
          brokers: text,
          faults: text,
          keep: text,
          rate: text,
          'port-base': text,
          tree: text,
          verify: text,
          mutate: text,
        },
      }).values;
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  };
  const values = read();
  const number = (name: string, fallback: number, least: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!(value >= least)) throw new UsageError(`--${name} is a number of at least ${least}`);
    return value;
  };
  const brokers = number('brokers', 1, 1);
  if (brokers !== 1 && brokers !== 3) throw new UsageError('--brokers is 1 or 3');
  const mutate = values['mutate'];
  const knownMutation = mutationNames.find((name) => name === mutate);
  if (mutate !== undefined && mutate !== 'all' && knownMutation === undefined) {
    throw new UsageError(`there is no mutation ${mutate}`);
  }
  return {
    minutes: number('minutes', 5, 0.1),
    seed: number('seed', 1, 0),
    brokers,
    faults: faultsOf(values['faults'] ?? 'all'),
    keep: values['keep'],
    verify: values['verify'],
    mutate: mutate === 'all' ? 'all' : knownMutation,
    tree: values['tree'],
    portBase: values['port-base'] === undefined ? undefined : number('port-base', 25_000, 1_024),
    settleMs: SETTLE_MS,
    rate: number('rate', 12, 1),
  };
}

function faultsOf(list: string): readonly FaultName[] {
  if (list === 'all') return faultNames;
  return list.split(',').map((entry) => {
    const known = faultNames.find((name) => name === entry.trim());
    if (known === undefined) throw new UsageError(`there is no fault ${entry}`);
    return known;
  });
}
