#!/usr/bin/env node
import { isAlive, signalProcess, waitUntilGone } from './native/process-ref.mjs';
import { recordedProcesses } from './native/cluster.mjs';
import { Failure } from './native/failure.mjs';
import { runCommand } from './supervisor/command.mjs';
import { stopComposeLine } from './supervisor/docker-line.mjs';
import { dataDirOf } from './supervisor/locate.mjs';
import { endEarlierRun } from './supervisor/native-line.mjs';
import { readState, removeState } from './supervisor/state.mjs';

/** Services drain for 25 s at most, registry and broker 20 s, Postgres 15 s. */
const supervisorTimeoutMs = 75_000;

const log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

await runCommand({
  usage: 'npm stop -- [options]   stops the line in order and leaves no process',
  options: { data: { kind: 'text', value: 'DIR', help: 'folder of the line (.faultline)' } },
  run: async (options) => {
    const dataDir = dataDirOf(options.data);
    const state = await readState(dataDir);
    if (state === undefined && recordedProcesses(dataDir).length === 0) {
      log(`no line runs in ${dataDir}`);
      return 'ok';
    }
    if (state !== undefined && isAlive(state.supervisor)) {
      log(`stopping the line of ${dataDir} (pid ${state.supervisor.pid})`);
      signalProcess(state.supervisor, 'SIGTERM');
      if (!(await waitUntilGone(state.supervisor, supervisorTimeoutMs))) {
        log('it does not come to an end; ending its processes one by one');
        signalProcess(state.supervisor, 'SIGKILL');
        await waitUntilGone(state.supervisor, 5_000);
      }
    }
    const after = await readState(dataDir);
    if (after?.composeProject !== undefined) {
      await stopComposeLine(after.composeProject, log);
      await removeState(dataDir);
    }
    await endEarlierRun(dataDir, log);
    const left = (state?.processes ?? []).filter((ref) => isAlive(ref));
    if (left.length > 0)
      throw new Failure(`still there: ${left.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')}`, {
        remedy: 'end them with kill -9',
      });
    log('stopped, nothing is left running');
    return 'ok';
  },
});
