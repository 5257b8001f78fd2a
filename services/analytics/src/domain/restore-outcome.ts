import { avroType, registeredSchemas, type Outcome } from '@faultline/schemas';

const outcomeType = avroType(registeredSchemas.Outcome);

/** An outcome with nothing known. */
const emptyOutcome: Omit<Outcome, 'id' | 'subject' | 'stage' | 'at'> = {
  coordinate: null,
  eventId: null,
  input: null,
  from: null,
  to: null,
  reason: null,
  why: null,
  round: 0,
  hops: 0,
  receivedAt: null,
  deadline: null,
  versions: {},
  answers: null,
  event: null,
  classification: null,
  retry: null,
  fix: null,
  escalation: null,
  range: null,
  traceparent: null,
};

/** An outcome without what stands at its default at its top. */
export function trimmedOutcome(outcome: Partial<Outcome>): Partial<Outcome> {
  const defaults = emptyOutcome as Readonly<Record<string, unknown>>;
  const kept = Object.entries(outcome).filter(([name, value]) => value !== null && value !== defaults[name]);
  return Object.fromEntries(kept) as Partial<Outcome>;
}

/** The whole outcome, with every null that the history leaves out; undefined and the path where it is none. */
export function restoreOutcome(kept: unknown): { readonly outcome: Outcome } | { readonly wrongAt: string } {
  const whole: unknown = typeof kept === 'object' && kept !== null ? { ...emptyOutcome, ...kept } : kept;
  let wrongAt: string | undefined;
  const valid = outcomeType.isValid(whole, {
    errorHook: (path) => {
      wrongAt ??= path.join('.');
    },
  });
  if (!valid) return { wrongAt: wrongAt === undefined || wrongAt === '' ? 'its top' : wrongAt };
  return { outcome: outcomeType.fromBuffer(outcomeType.toBuffer(whole)) as Outcome };
}
