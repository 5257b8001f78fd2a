/** The line ledger as `faultline status` shows it. */
export interface Line {
  readonly in: number;
  readonly resolved: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly escalated: number;
  readonly inFlight: number;
  readonly overdue: number;
  /** Records that are missing, gaps, doubles; anything but 0 is a loss or a double. */
  readonly unaccounted: number;
}

/** Counters and what is proven; all kept in the transactions that change them. */
export interface LedgerState {
  readonly received: number;
  readonly seen: number;
  readonly resolved: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly escalated: number;
  readonly doubleEnds: number;
  /** Outcomes that came again and changed nothing. */
  readonly duplicates: number;
  /** Records in ranges that are older than the grace and of which no outcome has come. */
  readonly missing: number;
  /** Offsets between proven stretches, older than the grace. */
  readonly gaps: number;
  /** Records with outcomes and without a range, for longer than the grace. */
  readonly excess: number;
  readonly overdue: number;
}

/**
 * in = resolved + suppressed + deadLettered + escalated + inFlight + missing, always. A record that was reported as
 * taken and whose first outcome lies on a partition that is not read yet is in flight until the grace is over.
 */
export function lineOf(state: LedgerState): Line {
  const { received, seen, resolved, suppressed, deadLettered, escalated } = state;
  const ended = resolved + suppressed + deadLettered + escalated;
  const all = Math.max(received, seen);
  return {
    in: all,
    resolved,
    suppressed,
    deadLettered,
    escalated,
    inFlight: Math.max(0, all - ended - state.missing),
    overdue: state.overdue,
    unaccounted: state.missing + state.gaps + state.excess + state.doubleEnds,
  };
}
