import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);
const SIZE = '800m';
const BLOCK_BYTES = 1_048_576;

/** A disk of Postgres that can be filled. */
export interface SmallDisk {
  /** `tmpfs`: a real file system that is full. `read-only`: where none may be mounted, Postgres refuses to write. */
  readonly kind: 'tmpfs' | 'read-only';
  readonly fill: (databaseUrl: string) => Promise<void>;
  readonly free: (databaseUrl: string) => Promise<void>;
  readonly unmount: () => Promise<void>;
}

/** Puts a small file system under `dir` where this user may mount one; says so where not. */
export async function smallDisk(dir: string): Promise<SmallDisk> {
  await mkdir(dir, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0755`, 'faultline-chaos', dir]);
  } catch {
    return readOnly();
  }
  const filler = path.join(dir, 'filler');
  return {
    kind: 'tmpfs',
    fill: async () => {
      const { bavail, bsize } = await statfs(dir);
      const block = Buffer.alloc(BLOCK_BYTES);
      for (let left = bavail * bsize + BLOCK_BYTES; left > 0; left -= BLOCK_BYTES) {
        try {
          await writeFile(filler, block, { flag: 'a' });
        } catch {
          return; // full, to the last byte
        }
      }
    },
    free: async () => rm(filler, { force: true }),
    unmount: async () => {
      await run('umount', ['-l', dir]).catch(() => undefined);
    },
  };
}

function readOnly(): SmallDisk {
  const set = async (databaseUrl: string, value: 'on' | 'off'): Promise<void> => {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      await client.query(`BEGIN; SET TRANSACTION READ WRITE; COMMIT`);
      await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
      await client.query('SELECT pg_reload_conf()');
    } finally {
      await client.end();
    }
  };
  return {
    kind: 'read-only',
    fill: async (url) => set(url, 'on'),
    free: async (url) => set(url, 'off'),
    unmount: async () => undefined,
  };
}
