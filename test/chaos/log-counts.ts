import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What the logs of the services tell. */
export interface LogCounts {
  aborts: number;
  fences: number;
  rebalances: number;
}

/** Counts aborted transactions, fenced producers and joins of groups in the services' logs. */
export async function countLogs(logDir: string, services: ReadonlySet<string>): Promise<LogCounts> {
  const counts: LogCounts = { aborts: 0, fences: 0, rebalances: 0 };
  for (const file of readdirSync(logDir)) {
    if (!services.has(file.replace(/-\d+\.log$/, ''))) continue;
    for await (const line of createInterface({ input: createReadStream(path.join(logDir, file)) })) {
      if (line.includes('"msg":"abort"')) {
        counts.aborts += 1;
        if (line.includes('"fenced":true')) counts.fences += 1;
      } else if (line.includes('"msg":"joined"')) counts.rebalances += 1;
    }
  }
  return counts;
}
