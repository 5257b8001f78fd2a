#!/usr/bin/env node
// Runs what was built where it is not older than its source, else the source itself.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, '..', 'dist', 'main.js');
const source = path.join(here, '..', 'src', 'main.ts');

/** When the newest file of a folder was written; 0 where there is none. */
const newest = (folder, ending) =>
  !existsSync(folder)
    ? 0
    : readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith(ending) && !name.endsWith('.test.ts'))
        .reduce((latest, name) => Math.max(latest, statSync(path.join(folder, name)).mtimeMs), 0);

const packages = ['cli', 'platform', 'stream', 'classifier', '../schemas'].map((name) =>
  path.join(here, '..', '..', name),
);
const isBuilt = () =>
  existsSync(built) &&
  packages.every((folder) => {
    const emitted = path.join(folder, 'dist', '.tsbuildinfo');
    return (
      !existsSync(path.join(folder, 'src')) ||
      (existsSync(emitted) && newest(path.join(folder, 'src'), '.ts') <= statSync(emitted).mtimeMs)
    );
  });

if (process.env.FAULTLINE_FROM_SOURCE !== '1' && (isBuilt() || !existsSync(source))) {
  await import(pathToFileURL(built).href);
} else {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '-C', 'dev', source, ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
