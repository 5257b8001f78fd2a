/**
 * Writes predictions for a labelled pack: `npm run evaluate -- TASK INPUT OUTPUT`.
 * TASK names what is asked; INPUT is JSON Lines, or packed with zstd where the program zstd is installed; OUTPUT is
 * JSON Lines. It maps fields and labels and holds no rule and no parameter of its own.
 */
import { writeFileSync } from 'node:fs';
import type { Item } from './evaluate/predict.ts';
import { tasks } from './evaluate/tasks.ts';
import { readRecords } from './train/read-records.ts';

const [task = '', input, output, ...rest] = process.argv.slice(2);
const predict = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
if (predict === undefined || input === undefined || output === undefined || rest.length > 0) {
  process.stderr.write(
    `usage: npm run evaluate -- TASK INPUT.jsonl[.zst] OUTPUT.jsonl\nTASK is one of ${Object.keys(tasks).join(', ')}` +
      `${task === '' || predict !== undefined ? '' : `; ${JSON.stringify(task)} is not supported`}\n`,
  );
  process.exitCode = 2;
} else {
  try {
    const started = performance.now();
    const predictions = await predict(readRecords(input) as readonly Item[]);
    writeFileSync(output, predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    process.stdout.write(`${JSON.stringify({ v: 1, task, items: predictions.length, seconds, output })}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
