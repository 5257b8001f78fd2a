/**
 * Writes what is derived from the contract: TypeScript types from the Avro schemas, and the self-contained
 * schemas that are registered. `--check` writes nothing and fails where a committed file differs.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { asyncApi, topicsDocument } from './generate/documents.ts';
import { withPackageGraph, type WorkspacePackage } from './generate/package-graph.ts';
import { generateTypes } from './generate/types.ts';
import { resolveSchemas } from './generate/resolve.ts';

const root = new URL('..', import.meta.url).pathname;
const avroDir = join(root, 'schemas/avro');
const check = process.argv.includes('--check');

const sources = readdirSync(avroDir)
  .filter((name) => name.endsWith('.avsc'))
  .sort()
  .map((name) => ({ file: name, schema: JSON.parse(readFileSync(join(avroDir, name), 'utf8')) as unknown }));
const { ordered, inlined } = resolveSchemas(sources);

const { version } = JSON.parse(readFileSync(join(root, 'schemas/package.json'), 'utf8')) as {
  version: string;
};
const outputs = new Map<string, string>([
  ['schemas/src/events.ts', generateTypes(ordered)],
  ['schemas/src/registered.ts', registeredModule(inlined)],
  ['schemas/TOPICS.md', topicsDocument()],
  ['schemas/asyncapi.json', asyncApi(version, inlined)],
  ['ARCHITECTURE.md', withPackageGraph(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'), workspaces())],
]);

let drifted = 0;
for (const [path, raw] of outputs) {
  const target = join(root, path);
  const options = (await resolveConfig(target)) ?? {};
  const text = path.endsWith('.ts') ? await format(raw, { ...options, parser: 'typescript' }) : raw;
  if (check) {
    let current = '';
    try {
      current = readFileSync(target, 'utf8');
    } catch {
      current = '';
    }
    if (current !== text) {
      drifted += 1;
      console.error(`${path} is not what its source gives: run npm run generate`);
    }
  } else {
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }
}
process.exitCode = drifted > 0 ? 1 : 0;

function registeredModule(schemas: ReadonlyMap<string, unknown>): string {
  const lines = [...schemas].map(([name, schema]) => `${JSON.stringify(name)}: ${JSON.stringify(schema)},`);
  return `// Generated from schemas/avro by scripts/generate.ts. Do not edit.\n
/** Each record's schema with every named type written out at its first use: what is registered. */
export const registeredSchemas = {\n${lines.join('\n')}\n} as const;\n
/** Name of a record that has a schema of its own. */
export type RecordName = keyof typeof registeredSchemas;\n`;
}

function workspaces(): readonly WorkspacePackage[] {
  const folders = ['schemas', ...readdirSync(join(root, 'services')).map((name) => `services/${name}`)];
  return folders.map(
    (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as WorkspacePackage,
  );
}
