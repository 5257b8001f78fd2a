import type { ToolScenarios } from '../scenario.ts';

const eslintConfig = (rules: string): string =>
  `import js from '@eslint/js';\nexport default [js.configs.recommended, { rules: ${rules} }];\n`;

const manyLintFiles = Object.fromEntries(
  Array.from({ length: 90 }, (_, index) => [
    `src/handler-${index}.js`,
    `export function handle${index}(request, response) {\n  const started = Date.now();\n  var status = 200;\n  return response;\n}\n`,
  ]),
);

/** ESLint. */
export const eslint: ToolScenarios = {
  tool: 'eslint',
  version: 'eslint --version',
  needs: ['eslint'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'eslint-no-unused-vars',
      title: 'Unused variables',
      fails: ['lint', 'never-fixable'],
      files: {
        'eslint.config.mjs': eslintConfig('{}'),
        'src/index.js': 'const unused = 1;\nexport const used = 2;\n',
      },
      run: 'eslint src',
      cause: /no-unused-vars/,
    },
    {
      id: 'eslint-many-problems',
      title: 'A new rule finds problems all over the project, with colours',
      fails: ['lint', 'never-fixable'],
      files: {
        'eslint.config.mjs': eslintConfig("{ 'no-var': 'error' }"),
        'package.json': '{"name":"app","scripts":{"lint":"eslint src --color"}}',
        ...manyLintFiles,
      },
      run: 'npm run lint',
      ci: true,
      cause: /Unexpected var, use let or const instead/,
    },
    {
      id: 'eslint-parsing',
      title: 'A file that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'eslint.config.mjs': eslintConfig('{}'), 'src/index.js': 'export const list = [1, 2;\n' },
      run: 'eslint src',
      cause: /Parsing error: Unexpected token/,
    },
    {
      id: 'eslint-no-config',
      title: 'No configuration file',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/index.js': 'export {};\n' },
      run: 'eslint src',
      cause: /ESLint couldn't find an eslint\.config\.\(js\|mjs\|cjs\) file/,
    },
    {
      id: 'eslint-missing-plugin',
      title: 'A plugin that is not installed',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        'eslint.config.mjs': "import acme from 'eslint-plugin-acme';\nexport default [acme];\n",
        'src/index.js': 'export {};\n',
      },
      run: 'eslint src',
      cause: /Cannot find package 'eslint-plugin-acme'/,
    },
    {
      id: 'eslint-max-warnings',
      title: 'More warnings than allowed',
      fails: ['lint', 'never-fixable'],
      files: {
        'eslint.config.mjs': eslintConfig("{ eqeqeq: 'warn', 'no-undef': 'off' }"),
        'src/index.js': 'export const same = (a, b) => a == b;\n',
      },
      run: 'eslint src --max-warnings 0',
      cause: /ESLint found too many warnings/,
    },
    {
      id: 'eslint-unknown-rule',
      title: 'The configuration names a rule that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'eslint.config.mjs': eslintConfig("{ 'no-such-rule': 'error' }"),
        'src/index.js': 'export {};\n',
      },
      run: 'eslint src',
      cause: /Could not find "no-such-rule" in plugin/,
    },
    {
      id: 'eslint-clean-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'eslint.config.mjs': eslintConfig('{}'), 'src/index.js': 'export const used = 2;\n' },
      run: 'eslint src --format stylish --debug 2>&1 | tail -n 20',
    },
    {
      id: 'eslint-warnings-pass',
      title: 'Warnings only',
      passes: true,
      files: {
        'eslint.config.mjs': eslintConfig("{ eqeqeq: 'warn', 'no-undef': 'off' }"),
        'src/index.js': 'export const same = (a, b) => a == b;\n',
      },
      run: 'eslint src',
    },
  ],
};

/** Prettier. */
export const prettier: ToolScenarios = {
  tool: 'prettier',
  version: 'prettier --version',
  needs: ['prettier'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'prettier-check',
      title: 'Files that are not formatted',
      fails: ['lint', 'never-fixable'],
      files: { 'src/a.js': 'const a = {b:1}\n', 'src/b.js': 'const b=2\n' },
      run: 'prettier --check src',
      cause: /Code style issues found in 2 files/,
    },
    {
      id: 'prettier-syntax',
      title: 'A file that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'src/a.ts': 'export const a = (;\n' },
      run: 'prettier --check src',
      cause: /SyntaxError: Expression expected/,
    },
    {
      id: 'prettier-invalid-config',
      title: 'A configuration that is not valid JSON',
      fails: ['config.invalid', 'never-fixable'],
      files: { '.prettierrc.json': '{ "semi": true, }}\n', 'src/a.js': 'a();\n' },
      run: 'prettier --check src',
      cause: /Invalid configuration/,
    },
    {
      id: 'prettier-no-files',
      title: 'A pattern that matches nothing',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/a.js': 'a();\n' },
      run: "prettier --check 'lib/**/*.ts'",
      cause: /No files matching the pattern were found/,
    },
    {
      id: 'prettier-passes',
      title: 'All files are formatted',
      passes: true,
      files: { 'src/a.js': 'a();\n' },
      run: 'prettier --check src',
    },
  ],
};

/** Biome. */
export const biome: ToolScenarios = {
  tool: 'biome',
  version: 'biome --version',
  needs: ['biome'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'biome-lint',
      title: 'A rule of the recommended set is broken',
      fails: ['lint', 'never-fixable'],
      files: { 'src/a.js': 'export function f(a) {\n  debugger;\n  return a;\n}\n' },
      run: 'biome lint src',
      cause: /lint\/suspicious\/noDebugger/,
    },
    {
      id: 'biome-format',
      title: 'A file is not formatted, with colours',
      fails: ['lint', 'never-fixable'],
      files: { 'src/a.js': 'const a={b:1}\n' },
      run: 'biome format --colors=force src',
      cause: /Formatter would have printed the following content/,
    },
    {
      id: 'biome-config',
      title: 'A configuration with an unknown key',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'biome.json': '{ "lnter": { "enabled": true } }\n', 'src/a.js': 'export {};\n' },
      run: 'biome check src',
      cause: /Found an unknown key/,
    },
    {
      id: 'biome-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'src/a.js': 'export const used = 2;\n' },
      run: 'biome check src',
    },
  ],
};
