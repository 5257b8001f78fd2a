import type { Outcome } from '@faultline/schemas';
import { stageNames, type StageName } from '@faultline/stream';

/** How errors ended, counted since the system was made. */
export interface LineCounts {
  readonly received: number;
  readonly accepted: number;
  readonly resolved: number;
  readonly suppressed: number;
  readonly escalated: number;
  readonly deadLettered: number;
  /** Left in the line by a shutdown. */
  readonly abandoned: number;
}

/** What one stage did. */
export interface StageCounts {
  /** Decisions. */
  readonly processed: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly lastAt: number | null;
}

type Ended = Exclude<keyof LineCounts, 'received'>;

/** Counts, for {@link ErrorHandlingSystem.getStatistics}. */
export class Statistics {
  readonly #counts: Record<keyof LineCounts, number> = {
    received: 0,
    accepted: 0,
    resolved: 0,
    suppressed: 0,
    escalated: 0,
    deadLettered: 0,
    abandoned: 0,
  };
  readonly #stages = new Map<
    StageName,
    { processed: number; reasons: Map<string, number>; lastAt: number }
  >();

  /** An error came in. */
  received(): void {
    this.#counts.received += 1;
  }

  /** It ended. */
  ended(how: Ended): void {
    this.#counts[how] += 1;
  }

  /** A stage decided. */
  decided({ stage, reason, at }: Outcome): void {
    const name = stageNames.find((known) => known === stage);
    if (name === undefined) return;
    const known = this.#stages.get(name) ?? { processed: 0, reasons: new Map<string, number>(), lastAt: at };
    known.processed += 1;
    known.lastAt = at;
    known.reasons.set(reason ?? '', (known.reasons.get(reason ?? '') ?? 0) + 1);
    this.#stages.set(name, known);
  }

  /** How errors ended. */
  get counts(): LineCounts {
    return { ...this.#counts };
  }

  /** What a stage did. */
  stage(name: StageName): StageCounts {
    const known = this.#stages.get(name);
    return {
      processed: known?.processed ?? 0,
      byReason: Object.fromEntries(known?.reasons ?? []),
      lastAt: known?.lastAt ?? null,
    };
  }

  /** Counts as an export carries them. */
  exported(): LineCounts {
    return this.counts;
  }

  /** Takes the counts of an export in place of its own. */
  imported(counts: LineCounts): void {
    Object.assign(this.#counts, counts);
  }
}
