import { Fault } from '@faultline/stream';
import type { LogRange } from './topology.ts';

/**
 * Where reading starts: at the committed offset, or at the start of the log where nothing was committed.
 * Throws where the committed offset is not in the log any more: going on elsewhere would lose records in silence.
 */
export function startOffset(
  committed: number | undefined,
  range: LogRange,
  at: { readonly topic: string; readonly partition: number; readonly group: string },
): number {
  if (committed === undefined) return range.low;
  if (committed >= range.low && committed <= range.high) return committed;
  const gap =
    committed < range.low ? `${range.low - committed} offsets were deleted` : 'the log was cut or recreated';
  throw new Fault(
    'OFFSET_OUT_OF_RANGE',
    `${at.topic}[${at.partition}] holds offsets ${range.low} to ${range.high}, but ${at.group} stands at ${committed}: ${gap}`,
    {
      remedy:
        'find out what was lost (faultline ledger), then set the offset of the group by hand with kafka-consumer-groups --reset-offsets',
    },
  );
}
