import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * An empty folder NAME.PID to build something in before it is renamed to its place. Those of
 * earlier processes are removed; each has a name of its own, since a tool that such a process had
 * started may still be writing.
 *
 * @param {string} parent
 * @param {string} name
 */
export async function freshPartial(parent, name) {
  await mkdir(parent, { recursive: true });
  const stale = (await readdir(parent)).filter((entry) => entry.startsWith(`${name}.`));
  await Promise.all(
    stale.map((entry) =>
      rm(path.join(parent, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
    ),
  );
  const folder = path.join(parent, `${name}.${process.pid}`);
  await mkdir(folder);
  return folder;
}
