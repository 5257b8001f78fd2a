import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: Shell, packages of the system, disks and databases. */
export const systemRules: readonly FixRule[] = [
  {
    id: 'script.not-executable',
    when: {
      categories: ['os.permission'],
      needle: 'permission denied',
      pattern: '(?:^|\\s)\\.?/?(?<path>[\\w@][\\w@./+-]{0,200}): Permission denied',
      captures: {
        path: 'repository-path',
      },
    },
    then: {
      kind: 'command',
      title: 'Mark {path} as executable',
      body: 'git update-index --chmod=+x {path}',
      files: ['{path}'],
      risk: 'low',
      confidence: 0.75,
      validation: ['git ls-files --stage {path}'],
    },
    why: 'The file is called as a program and its mode in the repository does not allow that.',
  },
  {
    id: 'shell.unbound-variable',
    when: {
      categories: ['env.config'],
      needle: 'unbound variable',
      pattern: '(?:^|\\s)(?<name>[A-Za-z_]\\w{0,99}): unbound variable',
      captures: {
        name: 'environment-name',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Define {name} for the job',
      body: 'env: {name}',
      files: [],
      risk: 'medium',
      confidence: 0.6,
      validation: [],
    },
    why: 'The script stops on a variable that is not set. Its value is not in the log, and a person has to say it.',
  },
  {
    id: 'env.required',
    when: {
      categories: ['env.config'],
      needle: 'is not set',
      pattern: '(?:env(?:ironment)? var(?:iable)?s?) (?<name>[A-Z_][A-Z\\d_]{1,99}) is not set',
      captures: {
        name: 'environment-name',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Define {name} for the job',
      body: 'env: {name}',
      files: [],
      risk: 'medium',
      confidence: 0.6,
      validation: [],
    },
    why: 'The program stops on a variable that is not set. Its value is not in the log, and a person has to say it.',
  },
  {
    id: 'shell.missing-command',
    when: {
      categories: ['env.toolchain'],
      needle: 'command not found',
      pattern:
        '(?:^|\\s)(?<name>jq|make|zip|unzip|curl|wget|git|rsync|cmake|patch|file|bc|xmlstarlet|shellcheck|parallel|gettext|tree|socat): command not found',
      captures: {
        name: 'command-name',
      },
    },
    then: {
      kind: 'command',
      title: 'Install {name}',
      body: 'apt-get install -y {name}',
      files: [],
      risk: 'low',
      confidence: 0.8,
      validation: ['command -v {name}'],
    },
    why: 'The command is not on the machine; the Debian package has the same name.',
  },
  {
    id: 'apt.no-index',
    when: {
      categories: ['dep.missing', 'os.mirror'],
      needle: 'unable to locate package',
      pattern: 'Unable to locate package (?<name>\\S+)',
      captures: {
        name: 'command-name',
      },
    },
    then: {
      kind: 'command',
      title: 'Fetch the package lists first',
      body: 'apt-get update && apt-get install -y {name}',
      files: [],
      risk: 'medium',
      confidence: 0.7,
      validation: [],
    },
    why: 'An image without package lists knows no package. If it comes again, the name or the release is wrong.',
  },
  {
    id: 'disk.docker',
    when: {
      categories: ['disk.full'],
      needle: 'no space left on device',
      pattern: '(?:docker|overlay2|buildkit|containerd).{0,300}no space left on device',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Remove unused images and caches',
      body: 'docker system prune --force',
      files: [],
      risk: 'medium',
      confidence: 0.5,
      validation: ['df -h'],
    },
    why: 'On a machine that builds images, unused images are what fills the disk most often.',
  },
  {
    id: 'database.pool',
    when: {
      categories: ['db.capacity'],
      needle: 'too many clients',
      pattern: 'sorry, too many clients already',
      captures: {},
    },
    then: {
      kind: 'configuration',
      title: 'Use a smaller pool of connections in each process',
      body: 'pool size: fewer than max_connections divided by the number of processes',
      files: [],
      risk: 'low',
      confidence: 0.5,
      validation: [],
    },
    why: 'All processes together open more connections than the server allows.',
  },
  {
    id: 'prisma.migrate',
    when: {
      categories: ['db.schema'],
      needle: 'does not exist in the current database',
      pattern: 'The table .{1,120} does not exist in the current database',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Run the migrations',
      body: 'npx prisma migrate deploy',
      files: [],
      risk: 'medium',
      confidence: 0.7,
      validation: ['npx prisma migrate status'],
    },
    why: 'The database lacks a table that the schema has: the migrations did not run.',
  },
  {
    id: 'script.line-ends',
    when: {
      categories: ['container.entry'],
      needle: 'env: ',
      pattern: 'env: .{0,3}\\w{2,10}\\\\r.{0,3}: No such file',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Store scripts with LF line ends',
      body: 'git add --renormalize .',
      files: ['.gitattributes'],
      risk: 'low',
      confidence: 0.7,
      validation: ['git ls-files --eol'],
    },
    why: 'The interpreter is looked for with a carriage return in its name. `.gitattributes` with `*.sh text eol=lf` keeps it so.',
  },
  {
    id: 'config.misspelt',
    when: {
      categories: ['config.invalid', 'code.compile', 'env.toolchain'],
      needle: 'did you mean',
      pattern:
        '[\'‘`\\"](?<wrong>[\\w.+=-]{1,60})[\'’`\\"].{0,60}did you mean [\'‘`\\"](?<name>[\\w.+=-]{1,60})[\'’`\\"]',
      captures: {
        wrong: 'identifier',
        name: 'identifier',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Write {name} instead of {wrong}',
      body: '{wrong} -> {name}',
      files: [],
      risk: 'low',
      confidence: 0.65,
      validation: [],
    },
    why: 'The tool knows a name that is close to the one that was written.',
  },
  {
    id: 'llm.prompt-length',
    when: {
      categories: ['llm.context'],
      needle: 'prompt is too long',
      pattern: 'prompt is too long: \\d+ tokens',
      captures: {},
    },
    then: {
      kind: 'rerun',
      title: 'Ask again with less context',
      body: 'shorten the log excerpt and the files in the prompt to the decisive lines',
      files: [],
      risk: 'low',
      confidence: 0.55,
      validation: [],
    },
    why: 'The prompt is longer than the model takes.',
  },
];
