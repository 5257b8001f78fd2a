/** Writes the schemas of this version to schemas/released, once: what later versions must stay compatible with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { registeredSchemas } from '@faultline/schemas';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}schemas/package.json`, 'utf8')) as { version: string };
const target = `${root}schemas/released/${version}.json`;
if (existsSync(target)) {
  console.error(
    `${target} is there already: a released schema never changes. Raise the version in schemas/package.json.`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(target, `${JSON.stringify(registeredSchemas)}\n`);
  console.error(`wrote ${target}`);
}
