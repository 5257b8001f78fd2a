import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { RuleSet } from '../src/domain/rules/rule-set.ts';
import { packOf } from '../src/edge/rule-files.ts';

/** Where the generated module stands. */
const target = fileURLToPath(new URL('../src/domain/rules/pack.generated.ts', import.meta.url));

/** The module that the YAML files beside this script give. */
export async function generatedPack(): Promise<string> {
  const folder = fileURLToPath(new URL('./', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const pack = packOf(
    names.map((name) => ({ name, text: readFileSync(`${folder}${name}`, 'utf8') })),
    'own',
  );
  new RuleSet(pack); // refuses what may not ship
  const source = `// Generated from services/classifier/rules by rules/generate.ts. Do not edit.
import type { RulePack } from './rule.ts';

/** The rules that ship. */
export const baselinePack: RulePack = ${JSON.stringify(pack)};
`;
  return format(source, { ...(await resolveConfig(target)), parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = await generatedPack();
  if (process.argv.includes('--check')) {
    const same = readFileSync(target, 'utf8') === wanted;
    process.stderr.write(
      same
        ? 'the rule pack is up to date\n'
        : 'the rule pack differs from its YAML files: run npm run rules -w @faultline/classifier\n',
    );
    process.exitCode = same ? 0 : 1;
  } else {
    writeFileSync(target, wanted);
    process.stderr.write(`wrote ${target}\n`);
  }
}
