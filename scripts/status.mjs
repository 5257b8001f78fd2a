#!/usr/bin/env node
import { printJson, runCommand } from './supervisor/command.mjs';
import { externalLine } from './supervisor/external.mjs';
import { dataDirOf, locateLine } from './supervisor/locate.mjs';
import { renderScreen } from './supervisor/screen.mjs';
import { readState } from './supervisor/state.mjs';
import { absentStatus, collectStatus } from './supervisor/status-report.mjs';

await runCommand({
  usage: 'npm run status -- [options]   0: ready, 1: not ready, 3: there is no line',
  options: {
    json: { kind: 'flag', help: 'one JSON object' },
    data: { kind: 'text', value: 'DIR', help: 'folder of the line (.faultline)' },
  },
  run: async (options) => {
    const dataDir = dataDirOf(options.data);
    const location = await locateLine(dataDir);
    if (location === undefined) {
      process.stderr.write(
        `no line runs in ${dataDir}: npm start brings one up; one that is elsewhere is named by FAULTLINE_BROKERS, FAULTLINE_REGISTRY_URL, DATABASE_URL, FAULTLINE_API_URL, FAULTLINE_GATEWAY_URL, FAULTLINE_SERVICE_URLS\n`,
      );
      if (options.json) printJson(absentStatus(externalLine() === undefined ? 'native' : 'external'));
      return 'unreachable';
    }
    const status = await collectStatus(location);
    if (options.json) printJson(status);
    else {
      const state = await readState(dataDir);
      const context = {
        dataDir,
        logDir: state?.logDir ?? '–',
        replayRate: state?.replayRate ?? null,
        stopCommand: 'npm stop',
      };
      process.stdout.write(`${renderScreen(status, context).join('\n')}\n`);
      for (const { name, pid, ready, url, lag } of status.services) {
        process.stdout.write(
          `  ${name.padEnd(12)} ${ready ? 'ready    ' : 'not ready'} pid ${String(pid ?? '–').padEnd(8)} lag ${String(lag ?? '–').padEnd(8)} ${url ?? ''}\n`,
        );
      }
    }
    return status.ready ? 'ok' : 'failed';
  },
});
