/**
 * Checks the dependency table, and that the check itself sees: a small tree of the same layout with planted
 * violations is checked too, and each of them must be found.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';

const root = new URL('..', import.meta.url).pathname;
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  readonly forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden'];
  readonly options: ICruiseOptions;
};

/** Fewest modules that a check worth its name reads: a compiler that cannot be read gives none, and no violation. */
const FEWEST_MODULES = 100;

/** A file that breaks a rule, with the rule that must see it. */
const planted = [
  {
    rule: 'domain-is-pure',
    file: 'services/retrier/src/domain/planted-effect.ts',
    text: "import 'node:fs';\n",
  },
  {
    rule: 'services-are-strangers',
    file: 'services/fixer/src/planted-stranger.ts',
    text: "import '../../retrier/src/index.ts';\n",
  },
  {
    rule: 'platform-knows-no-service',
    file: 'services/platform/src/planted-service.ts',
    text: "import '../../classifier/src/index.ts';\n",
  },
  { rule: 'stream-is-pure', file: 'services/stream/src/planted-driver.ts', text: "import 'pg';\n" },
] as const;

/** What the planted files import. */
const targets = ['services/retrier/src/index.ts', 'services/classifier/src/index.ts'] as const;

async function check(directory: string, folders: readonly string[]): Promise<ICruiseResult> {
  process.chdir(directory);
  const { output } = await cruise([...folders], {
    ...config.options,
    baseDir: directory.replace(/\/$/, ''),
    ruleSet: { forbidden: config.forbidden ?? [] },
    validate: true,
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text instead of a result');
  return output;
}

const { summary } = await check(root, ['schemas/src', 'services', 'test', 'scripts']);
let failed = 0;
if (summary.totalCruised < FEWEST_MODULES) {
  failed += 1;
  console.error(
    `only ${summary.totalCruised} modules were read, fewer than ${FEWEST_MODULES}: the check is blind`,
  );
}
for (const { rule, from, to } of summary.violations) {
  failed += 1;
  const comment = config.forbidden?.find(({ name }) => name === rule.name)?.comment ?? '';
  console.error(`${rule.name}: ${from} -> ${to}\n  ${comment}`);
}

const garden = mkdtempSync(join(tmpdir(), 'faultline-boundaries-'));
try {
  symlinkSync(join(root, 'node_modules'), join(garden, 'node_modules'));
  for (const { file, text } of [...planted, ...targets.map((file) => ({ file, text: 'export {};\n' }))]) {
    mkdirSync(dirname(join(garden, file)), { recursive: true });
    writeFileSync(join(garden, file), text);
  }
  const seen = (await check(garden, ['services'])).summary.violations;
  for (const { rule, file } of planted) {
    if (!seen.some((found) => found.rule.name === rule && found.from === file)) {
      failed += 1;
      console.error(`the planted violation of ${rule} in ${file} was not seen`);
    }
  }
} finally {
  process.chdir(root);
  rmSync(garden, { recursive: true, force: true });
}
console.error(
  `${summary.totalCruised} modules, ${summary.violations.length} violations, ${planted.length} planted ones tried`,
);
process.exitCode = failed > 0 ? 1 : 0;
