import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { standInNames, startStandIns } from './start-stand-ins.ts';

// node --import tsx -C dev test/support/stand-ins/main.ts --port-base N
// N+1 to N+6 are the stand-ins, N is the control; 0 takes free ports. Prints one JSON object, then runs until a signal.
const { values } = parseArgs({ options: { 'port-base': { type: 'string', default: '0' } } });
const base = Number(values['port-base']);
const standIns = await startStandIns(base === 0 ? 0 : base + 1);
const control = await startControl(standIns, base);
const urls = Object.fromEntries(standInNames.map((name) => [name, standIns.byName[name].url]));
process.stdout.write(
  `${JSON.stringify({ v: 1, pid: process.pid, control: control.url, urls, env: standIns.env })}\n`,
);

const stop = (): void => {
  Promise.all([control.stop(), standIns.stop()]).then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
