import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { lineServices } from '../support/line-processes.ts';

const run = promisify(execFile);

/** Compiles the services of a tree, as far as they are not. */
export async function buildTree(tree: string): Promise<void> {
  const compiler = path.join(tree, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(
    process.execPath,
    [compiler, '-b', ...lineServices.map((service) => path.join(tree, 'services', service))],
    {
      cwd: tree,
      maxBuffer: 16 * 1_048_576,
    },
  );
}

/**
 * Copies the files of the last commit to `to`, with the packages that are installed: everything but our own is
 * linked, our own are those of the copy.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const archive = path.join(to, 'tree.tar');
  await run('git', ['archive', '--output', archive, 'HEAD', 'services', 'schemas', 'infra', 'scripts'], {
    cwd: from,
  });
  await run('tar', ['-xf', archive, '-C', to]);
  for (const file of ['package.json', 'tsconfig.base.json', 'tsconfig.json']) {
    await run('cp', [path.join(from, file), to]);
  }
  await linkPackages(path.join(from, 'node_modules'), path.join(to, 'node_modules'));
  const own = path.join(to, 'node_modules', '@faultline');
  await mkdir(own, { recursive: true });
  await symlink(path.join(to, 'schemas'), path.join(own, 'schemas'));
  for (const service of await readdir(path.join(to, 'services'))) {
    await symlink(path.join(to, 'services', service), path.join(own, service));
    await linkPackages(
      path.join(from, 'services', service, 'node_modules'),
      path.join(to, 'services', service, 'node_modules'),
    );
  }
}

async function linkPackages(from: string, to: string): Promise<void> {
  const entries = await readdir(from).catch(() => []);
  if (entries.length === 0) return;
  await mkdir(to, { recursive: true });
  for (const entry of entries) {
    if (entry !== '@faultline') await symlink(path.join(from, entry), path.join(to, entry));
  }
}
