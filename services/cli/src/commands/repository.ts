import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { Fault } from '@faultline/stream';
import type { CliContext } from '../cli-context.ts';

/** Commands of the repository that `npm run` has too. */
const scripts = ['start', 'stop', 'status', 'doctor', 'evaluate', 'chaos', 'bench', 'corpus'] as const;

/** `faultline status` and the other commands that live in the repository: the same as `npm run NAME -- ARGS`. */
export function repositoryCommands(program: Command, context: CliContext, cliFolder: string): void {
  for (const name of scripts) {
    program.addCommand(
      new Command(name)
        .description(`the same as npm run ${name}`)
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .argument('[args...]')
        .action(async (args: readonly string[]) =>
          context.exit(await runScript(context, cliFolder, name, args)),
        ),
    );
  }
}

async function runScript(
  { cwd, env }: CliContext,
  cliFolder: string,
  name: string,
  args: readonly string[],
): Promise<number> {
  const root = repositoryOf(cliFolder, name);
  const child = spawn('npm', ['run', '--silent', name, '--', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, INIT_CWD: cwd },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function repositoryOf(folder: string, script: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    const manifest = path.join(at, 'package.json');
    if (existsSync(manifest)) {
      const { scripts: known } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        readonly scripts?: Readonly<Record<string, string>>;
      };
      if (known?.[script] !== undefined && existsSync(path.join(at, 'services'))) return at;
    }
    if (at === path.dirname(at)) {
      throw new Fault('NOT_FOUND', `"${script}" is a command of the repository, which is not here`, {
        remedy: 'run it in a clone of the repository',
      });
    }
  }
}
