import { avroType, registeredSchemas, type Observation, type Outcome } from '@faultline/schemas';
import { Fault } from '@faultline/stream';
import { restoreOutcome } from '../domain/restore-outcome.ts';

/** Version of the export; another one is refused. */
export const TRANSFER_VERSION = 1;

/** What people said of a group. */
export interface GroupState {
  readonly fingerprint: string;
  readonly state: 'open' | 'resolved' | 'muted';
  readonly stateAt: number | null;
  readonly owner: string | null;
}

/** One line of an export. The first is `begin`, the last is `end` with the number of lines between. */
export type TransferLine =
  | { readonly line: 'begin'; readonly v: number; readonly kind: 'faultline-history' }
  | { readonly line: 'outcome'; readonly outcome: Partial<Outcome> }
  | { readonly line: 'observation'; readonly observation: Observation }
  | { readonly line: 'group'; readonly group: GroupState }
  | { readonly line: 'end'; readonly lines: number };

const observationType = avroType(registeredSchemas.Observation);

/** Reads one line. Throws INPUT_INVALID that names the line. */
export function parseTransferLine(value: unknown, number: number): TransferLine {
  const given = objectOf(value);
  switch (given['line']) {
    case 'begin':
      if (given['kind'] !== 'faultline-history') throw invalid(number, 'is no export of a history');
      if (given['v'] !== TRANSFER_VERSION)
        throw invalid(number, `is of version ${String(given['v'])}, not ${TRANSFER_VERSION}`);
      return { line: 'begin', v: TRANSFER_VERSION, kind: 'faultline-history' };
    case 'outcome':
      return { line: 'outcome', outcome: outcomeOf(given['outcome'], number) };
    case 'observation':
      return {
        line: 'observation',
        observation: checked(observationType, given['observation'], number) as Observation,
      };
    case 'group':
      return { line: 'group', group: groupOf(objectOf(given['group']), number) };
    case 'end':
      if (typeof given['lines'] === 'number') return { line: 'end', lines: given['lines'] };
      break;
    default:
  }
  throw invalid(number, 'is no line of an export');
}

const invalid = (number: number, what: string): Fault =>
  new Fault('INPUT_INVALID', `line ${number} ${what}; nothing was imported`, {
    remedy: 'import a whole export of the same version',
  });

function checked(type: ReturnType<typeof avroType>, value: unknown, number: number): unknown {
  let path: string | undefined;
  const valid = type.isValid(value, {
    errorHook: (at) => {
      path ??= at.join('.');
    },
  });
  if (!valid) throw invalid(number, `is wrong at ${path ?? 'its top'}`);
  return value;
}

function outcomeOf(value: unknown, number: number): Outcome {
  const restored = restoreOutcome(value);
  if ('wrongAt' in restored) throw invalid(number, `is wrong at ${restored.wrongAt}`);
  return restored.outcome;
}

function groupOf(group: Readonly<Record<string, unknown>>, number: number): GroupState {
  const { fingerprint, state, stateAt, owner } = group;
  if (
    typeof fingerprint === 'string' &&
    (state === 'open' || state === 'resolved' || state === 'muted') &&
    (stateAt === null || typeof stateAt === 'number') &&
    (owner === null || typeof owner === 'string')
  ) {
    return { fingerprint, state, stateAt, owner };
  }
  throw invalid(number, 'is no group');
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
