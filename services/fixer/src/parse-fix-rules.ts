import { fixProposalKindValues, fixProposalRiskValues } from '@faultline/schemas';
import { z } from 'zod';
import { shapeNames, type FixRule } from './domain/fix-rule.ts';
import type { FixRules } from './domain/fix-rules.ts';
import { patternFault } from './domain/pattern-fault.ts';

const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z\d][a-z\d.-]*$/),
    when: z.strictObject({
      categories: z.array(z.string().min(1)),
      needle: z.string().min(3),
      pattern: z.string().min(3).max(500),
      captures: z.record(z.string().regex(/^[a-z]+$/i), z.enum(shapeNames)),
    }),
    then: z.strictObject({
      kind: z.enum(['command', 'configuration', 'rerun']),
      title: z.string().min(1).max(200),
      body: z.string().min(1).max(5_000),
      files: z.array(z.string()),
      risk: z.enum(fixProposalRiskValues),
      confidence: z.number().min(0).max(1),
      validation: z.array(z.string().min(1)),
    }),
    why: z.string().min(1),
  })
  .superRefine((given, context) => {
    const fault = ruleFault(given);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `rule ${given.id}: ${fault}` });
  });

const tally = z.strictObject({
  successes: z.number().nonnegative(),
  failures: z.number().nonnegative(),
  at: z.number().nonnegative(),
});

const learned = z.strictObject({
  fingerprint: z.string().min(1),
  proposal: z.strictObject({
    kind: z.enum(fixProposalKindValues),
    title: z.string(),
    body: z.string(),
    files: z.array(z.string()),
    risk: z.enum(fixProposalRiskValues),
    validation: z.array(z.string()),
  }),
});

const fixRules = z.strictObject({
  thresholds: z.strictObject({ propose: z.number().min(0).max(1), apply: z.number().min(0).max(1) }),
  maxProposals: z.int().positive().max(20),
  allowedPaths: z.array(z.string().min(1)),
  rules: z.array(rule),
  learned: z.array(learned),
  outcomes: z.record(z.string(), z.record(z.string(), tally)),
});

/** What is wrong with a rule beyond its form; undefined where nothing is. */
function ruleFault({ when, then }: FixRule): string | undefined {
  const fault = patternFault(when.pattern);
  if (fault !== undefined) return fault;
  if (when.needle !== when.needle.toLowerCase()) return 'the needle must be in lower case';
  for (const name of Object.keys(when.captures)) {
    if (!when.pattern.includes(`(?<${name}>`)) return `the pattern has no group ${name}`;
  }
  const used = [then.title, then.body, ...then.files, ...then.validation].flatMap((text) =>
    [...text.matchAll(/\{([a-z]+)\}/gi)].map((found) => found[1] ?? ''),
  );
  const unknown = used.find((name) => !Object.hasOwn(when.captures, name));
  return unknown === undefined ? undefined : `{${unknown}} is not a capture`;
}

/** Checks a stored body of the kind `fix-rules`; throws an error that names the field. */
export function parseFixRules(stored: unknown): FixRules {
  const parsed = fixRules.safeParse(stored);
  if (!parsed.success) throw new Error(`fix-rules: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
