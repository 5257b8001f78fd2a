import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { standInNames, type StandIns } from '../support/stand-ins/start-stand-ins.ts';
import type { RerunTarget } from './rerun-target.ts';

const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Writes what the outside systems were sent, and what they consist of now. */
export async function dumpOutside(standIns: StandIns, target: RerunTarget, dir: string): Promise<void> {
  await writeFile(path.join(dir, 'target.ndjson'), ndjson(target.calls));
  for (const name of standInNames) {
    const { journal, objects } = standIns.byName[name];
    await writeFile(path.join(dir, `outside-${name}.ndjson`), journal.dump());
    await writeFile(path.join(dir, `outside-${name}-objects.ndjson`), ndjson(objects()));
  }
}

/** Lines and SHA-256 of each dump in a folder. */
export async function manifestOf(dir: string): Promise<Readonly<Record<string, readonly [number, string]>>> {
  const manifest: Record<string, readonly [number, string]> = {};
  for (const file of (await readdir(dir)).filter((name) => name.endsWith('.ndjson')).toSorted()) {
    const hash = createHash('sha256');
    let lines = 0;
    for await (const chunk of createReadStream(path.join(dir, file))) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      for (const byte of bytes) if (byte === 10) lines += 1;
    }
    manifest[file] = [lines, hash.digest('hex')];
  }
  return manifest;
}
