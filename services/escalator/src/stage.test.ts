import fc from 'fast-check';
import type { ErrorRecord } from '@faultline/schemas';
import { arbitraryRawRecord, stageLaws } from '@faultline/stream/testing';
import { arbitraryClassification, arbitraryFix, arbitraryRetry } from './testing/arbitrary-parts.ts';
import { createEscalatorStage } from './stage.ts';

const inputs = fc
  .record({
    raw: arbitraryRawRecord,
    classification: fc.option(arbitraryClassification, { nil: null }),
    retry: fc.option(arbitraryRetry, { nil: null }),
    fix: fc.option(arbitraryFix, { nil: null }),
    round: fc.nat(3),
  })
  .map(({ raw, ...parts }) => ({
    record: { ...raw, ...parts } satisfies ErrorRecord,
    topic: 'errors.unresolved' as const,
  }));

stageLaws({ stage: createEscalatorStage(), inputs });
