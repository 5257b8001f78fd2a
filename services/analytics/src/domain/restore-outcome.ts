import { avroType, emptyOutcome, registeredSchemas, type Outcome } from '@faultline/schemas';

const outcomeType = avroType(registeredSchemas.Outcome);

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
