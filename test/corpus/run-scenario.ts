import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { machineNames } from './machine-names.ts';
import { normaliseOutput } from './normalise.ts';
import type { Scenario, ToolScenarios } from './scenario.ts';
import { scenarioEnvironment } from './scenario-environment.ts';
import { toolchainFolder } from './toolchains.ts';
import { asUser, unprivilegedId } from './unprivileged.ts';

/** What a run gave. */
export interface ScenarioResult {
  readonly exitCode: number;
  readonly signal: string | null;
  readonly output: string;
}

/** What scenarios of one run share. */
export interface RunContext {
  readonly certificates: string;
  /** Ends the run: what is running is killed, with its children. */
  readonly signal: AbortSignal;
}

const signals: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
  153: 'SIGXFSZ',
};

const isRoot = (): boolean => process.getuid?.() === 0;

const writeFiles = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true });
    writeFileSync(`${folder}/${path}`, content);
    if (content.startsWith('#!')) chmodSync(`${folder}/${path}`, 0o755);
  }
};

const wrapped = (
  scenario: Scenario,
  script: string,
  group: string | undefined,
): readonly [string, readonly string[]] => {
  const shell: readonly string[] = ['--noprofile', '--norc', '-eo', 'pipefail', script];
  const [file, args] = scenario.unprivileged === true ? asUser('bash', shell) : (['bash', shell] as const);
  if (scenario.offline === true) return ['unshare', ['-n', '--', file, ...args]];
  if (group !== undefined) {
    return ['bash', ['-c', 'echo $$ > "$0/cgroup.procs"; exec "$@"', group, file, ...args]];
  }
  return [file, args];
};

const ciLine = (line: string): string => `${new Date().toISOString().replace('Z', '0000Z')} ${line}`;

const run = (
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  scenario: Scenario,
  abort: AbortSignal,
): Promise<ScenarioResult> =>
  new Promise((resolve, reject) => {
    // One pipe for both streams, so that lines stay in the order in which the tool printed them.
    const child = spawn('bash', ['-c', 'ulimit -c 0; exec "$@" 2>&1 </dev/null', 'bash', file, ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: string[] = [];
    let pending = '';
    const stamp = (text: string): void => {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) chunks.push(`${ciLine(line)}\n`);
    };
    if (scenario.ci === true)
      stamp(
        `##[group]Run ${scenario.run}\nshell: /usr/bin/bash --noprofile --norc -e -o pipefail {0}\n##[endgroup]\n`,
      );
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      if (scenario.ci === true) stamp(text);
      else chunks.push(text);
    });
    const end = (why: string): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      reject(new Error(why));
    };
    const interrupted = (): void => {
      end('interrupted');
    };
    abort.addEventListener('abort', interrupted, { once: true });
    const limit = setTimeout(
      () => {
        end('the scenario took longer than its limit');
      },
      (scenario.limitSeconds ?? 120) * 1000,
    );
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      abort.removeEventListener('abort', interrupted);
      const exitCode = code ?? 128;
      if (scenario.ci === true) {
        if (pending !== '') stamp('\n');
        if (exitCode !== 0) stamp(`##[error]Process completed with exit code ${exitCode}.\n`);
      }
      resolve({ exitCode, signal: signal ?? signals[exitCode] ?? null, output: chunks.join('') });
    });
  });

const makeGroup = (id: string, bytes: number): string => {
  const folder = `/sys/fs/cgroup/memory/corpus-${id}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/memory.limit_in_bytes`, String(bytes));
  return folder;
};

const removeGroup = async (folder: string): Promise<void> => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      // The kernel lets go of a group a moment after its last process ended.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** Runs one scenario in a folder of its own, which is removed again. */
export async function runScenario(
  tool: ToolScenarios,
  scenario: Scenario,
  context: RunContext,
): Promise<ScenarioResult> {
  const root = realpathSync(mkdtempSync(`${tmpdir()}/corpus-`));
  const project = `${root}/app`;
  const group =
    scenario.memoryLimitBytes === undefined ? undefined : makeGroup(scenario.id, scenario.memoryLimitBytes);
  const disk = scenario.smallDisk === undefined ? undefined : `${project}/${scenario.smallDisk.path}`;
  let mounted = false;
  try {
    for (const folder of [project, `${root}/home`, `${root}/shell`]) mkdirSync(folder);
    chmodSync(root, 0o755);
    writeFiles(project, scenario.files ?? {});
    const toolchains = [...(tool.toolchains ?? []), ...(scenario.toolchains ?? [])];
    const env = scenarioEnvironment({
      root,
      toolchains,
      certificates: context.certificates,
      extra: scenario.env ?? {},
    });
    if (toolchains.includes('js') && tool.ownModules !== true) {
      symlinkSync(`${toolchainFolder('js')}/node_modules`, `${project}/node_modules`);
    }
    if (disk !== undefined) {
      mkdirSync(disk, { recursive: true });
      execFileSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=${scenario.smallDisk?.size ?? '64k'}`,
        'tmpfs',
        disk,
      ]);
      mounted = true;
    }
    if (scenario.prepare !== undefined) {
      execFileSync('bash', ['-eo', 'pipefail', '-c', scenario.prepare], { cwd: project, env, stdio: 'pipe' });
    }
    if (scenario.unprivileged === true && isRoot()) {
      execFileSync('find', [
        root,
        '-user',
        '0',
        '-exec',
        'chown',
        '-h',
        `${unprivilegedId}:${unprivilegedId}`,
        '{}',
        '+',
      ]);
      execFileSync('bash', [
        '-c',
        'for f in "$0"/.root-owned/*; do [ -e "$f" ] && chown -hR 0:0 "$f" || true; done',
        project,
      ]);
      chownSync(root, unprivilegedId, unprivilegedId);
    }
    const script = `${root}/shell/step.sh`;
    writeFileSync(script, `${scenario.run}\n`);
    const [file, args] = wrapped(scenario, script, group);
    const result = await run(file, args, project, env, scenario, context.signal);
    return {
      ...result,
      output: normaliseOutput(result.output, machineNames(root, context.certificates), hostname()),
    };
  } finally {
    if (mounted && disk !== undefined) execFileSync('umount', ['-l', disk]);
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    if (group !== undefined) await removeGroup(group);
  }
}
