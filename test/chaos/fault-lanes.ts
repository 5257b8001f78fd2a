import type { FaultName } from './chaos-options.ts';
import type { FaultContext } from './fault-context.ts';
import { isServiceFault, makeFaults } from './faults.ts';

/** Crash points come so often in a round of faults of the services, since there are many of them. */
const CRASH_ROUNDS = 3;

/** Faults that stand aside from broker and database, so that a third lane may have them. */
const asideNames: ReadonlySet<FaultName> = new Set(['kill-registry', 'pause-registry', 'outside']);

/**
 * Injects faults in three lanes side by side: the line's processes, broker and database, the rest. Each lane goes
 * through its faults in an order from the seed, again and again, until the time is over and each was there once.
 */
export async function injectFaults(
  context: FaultContext,
  faults: readonly FaultName[],
  until: number,
): Promise<void> {
  const services = faults.filter(isServiceFault);
  const aside = faults.filter((name) => asideNames.has(name));
  const core = faults.filter((name) => !isServiceFault(name) && !asideNames.has(name));
  const crashes = services.filter((name) => name === 'crash-points');
  const repeated = [...services, ...Array.from({ length: CRASH_ROUNDS - 1 }, () => crashes).flat()];
  const all = makeFaults();
  await Promise.all(
    [repeated, core, aside].map(async (names) => {
      const random = context.random.fork();
      const own: FaultContext = { ...context, random };
      const missing = new Set(names);
      while (names.length > 0 && (performance.now() < until || missing.size > 0)) {
        for (const name of random.shuffled(names)) {
          if (performance.now() >= until && !missing.has(name)) continue;
          await all[name](own);
          missing.delete(name);
          context.counts.injected[name] = (context.counts.injected[name] ?? 0) + 1;
          await context.pause(random.whole(200, 1_500));
        }
      }
    }),
  );
}
