import { pythonClient } from '../support/python-client.ts';
import { runPythonScript } from './python-process.ts';

/** What the verification says of one invariant or class of effects. */
export interface Checked {
  readonly checked: number;
  readonly violations: number;
  readonly examples: readonly unknown[];
}

/** What `npm run chaos` prints. */
export interface ChaosResult {
  readonly v: 1;
  readonly seed: number;
  readonly acked: number;
  readonly terminal: Readonly<Record<string, number>>;
  readonly invariants: Readonly<Record<string, Checked>>;
  readonly effects: Readonly<Record<string, Checked>>;
  readonly contained: Readonly<Record<string, number>>;
  readonly recoveryS: { readonly max: number | null };
  readonly ok: boolean;
}

/**
 * Verifies what a run left in a folder. With `unsealed` the digests of its files are not looked at, so that only
 * what they say counts.
 */
export async function verifyRun(
  dir: string,
  options: { readonly unsealed?: boolean } = {},
): Promise<ChaosResult> {
  const args = [dir, ...(options.unsealed === true ? ['--unsealed'] : [])];
  const { out } = await runPythonScript(await pythonClient(), './verify/verify.py', args);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as ChaosResult;
}

/** Everything that does not hold, in lines. */
export function complaints(result: ChaosResult): readonly string[] {
  return Object.entries({ ...result.invariants, ...result.effects })
    .filter(([, { checked, violations }]) => checked === 0 || violations > 0)
    .map(([name, { checked, violations, examples }]) =>
      checked === 0
        ? `${name}: nothing was checked`
        : `${name}: ${violations} of ${checked}, such as ${JSON.stringify(examples[0])}`,
    );
}
