#!/usr/bin/env node
import { lineChecks, machineChecks } from './supervisor/checks.mjs';
import { printJson, runCommand } from './supervisor/command.mjs';
import { externalLine } from './supervisor/external.mjs';
import { dataDirOf, locateLine } from './supervisor/locate.mjs';

await runCommand({
  usage: 'npm run doctor -- [options]   0: all is well, 1: something is missing or wrong',
  options: {
    json: { kind: 'flag', help: 'one JSON object' },
    data: { kind: 'text', value: 'DIR', help: 'folder of the line (.faultline)' },
    'port-base': { kind: 'port', value: 'N', help: 'look at this block of 50 ports' },
  },
  run: async (options) => {
    const dataDir = dataDirOf(options.data);
    const location = await locateLine(dataDir);
    const external = externalLine();
    const database = process.env.DATABASE_URL;
    // Without a line, what the environment names is looked at all the same.
    const line = location ?? {
      brokers: [],
      registry: process.env.FAULTLINE_REGISTRY_URL ?? null,
      database: database ?? null,
    };
    const checks = [
      ...(await machineChecks({
        dataDir,
        running: location !== undefined && location.mode !== 'external',
        external: external !== undefined,
        ...(options['port-base'] === undefined ? {} : { portBase: options['port-base'] }),
      })),
      ...(await lineChecks(line)),
    ];
    const ok = checks.every((check) => check.ok);
    if (options.json) printJson({ v: 1, ok, checks });
    else {
      for (const check of checks) {
        process.stdout.write(`${check.ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(12)} ${check.found}\n`);
        if (check.remedy !== null) process.stdout.write(`      ${' '.repeat(12)} remedy: ${check.remedy}\n`);
      }
    }
    return ok ? 'ok' : 'failed';
  },
});
