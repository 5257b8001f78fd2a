import type { Admin } from 'kafkajs';
import type { StandIns } from '../support/stand-ins/start-stand-ins.ts';
import type { ChaosLine } from './chaos-line.ts';
import type { FaultName } from './chaos-options.ts';
import type { SmallDisk } from './full-disk.ts';
import type { Recovery } from './recovery.ts';
import type { RerunTarget } from './rerun-target.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the run contained, counted where it is done. */
export interface Counts {
  kills: number;
  pauses: number;
  brokerRestarts: number;
  /** Calls to outside systems that may have been cut off between call and commit. */
  effectCrashes: number;
  readonly injected: Partial<Record<FaultName, number>>;
  readonly crashPoints: Record<string, number>;
}

/** What a fault works with. */
export interface FaultContext {
  readonly line: ChaosLine;
  readonly random: SeededRandom;
  readonly standIns: StandIns;
  readonly target: RerunTarget;
  readonly disk: SmallDisk;
  readonly admin: Admin;
  readonly counts: Counts;
  readonly recoveries: Recovery[];
  readonly log: (line: string) => void;
  /** Resolves after the time, or as soon as the run is given up. */
  readonly pause: (ms: number) => Promise<void>;
}

/** A fault: it begins, holds and ends within the call; `heal` mends what is left over. */
export type Fault = (context: FaultContext) => Promise<void>;

/** Calls to outside systems that two instances of the escalator may have under way. */
export const effectsUnderWay = 4;
