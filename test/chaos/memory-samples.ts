import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ServiceSlot } from './service-slot.ts';

const EVERY_MS = 1_000;

/** Writes the resident size of each process of the line once a second into memory.ndjson, until it is stopped. */
export function sampleMemory(slots: readonly ServiceSlot[], dir: string): () => Promise<void> {
  const out = createWriteStream(path.join(dir, 'memory.ndjson'));
  const timer = setInterval(() => {
    for (const { service, name, pid } of slots) {
      if (pid === undefined) continue;
      try {
        const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        if (kilobytes === undefined) continue;
        const rssMb = Math.round(Number(kilobytes) / 102.4) / 10;
        out.write(`${JSON.stringify({ at: Date.now(), service, name, pid, rssMb })}\n`);
      } catch {
        // it has just ended
      }
    }
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await new Promise<void>((resolve) => out.end(resolve));
  };
}
