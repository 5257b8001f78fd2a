import type { AnalyticsExport, PatternExport } from '@faultline/analytics';
import { Fault } from '@faultline/stream';
import { z } from 'zod';
import type { LineCounts } from './statistics.ts';

/** What exportData gives and importData takes. */
export interface SystemExport {
  readonly v: 1;
  readonly kind: 'error-handling-system';
  readonly counts: LineCounts;
  /** Null where analytics are off. */
  readonly analytics: AnalyticsExport | null;
  /** Null where pattern recognition is off. */
  readonly patterns: PatternExport | null;
}

const count = z.number().int().nonnegative();
const schema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('error-handling-system'),
  counts: z.strictObject({
    received: count,
    accepted: count,
    resolved: count,
    suppressed: count,
    escalated: count,
    deadLettered: count,
    abandoned: count,
  }),
  analytics: z.looseObject({}).nullable(),
  patterns: z.looseObject({}).nullable(),
});

/** An export of its parts. */
export const exportOf = (parts: Omit<SystemExport, 'v' | 'kind'>): SystemExport => ({
  v: 1,
  kind: 'error-handling-system',
  ...parts,
});

/** The parts of an export. Throws a {@link Fault} that names the field which is wrong. */
export function readExport(data: unknown): Pick<SystemExport, 'counts'> & {
  readonly analytics: unknown;
  readonly patterns: unknown;
} {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault(
    'INPUT_INVALID',
    `not an export of the system: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    {
      remedy: 'import what exportData of the same version gave',
    },
  );
}
