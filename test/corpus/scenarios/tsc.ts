import type { ToolScenarios } from '../scenario.ts';

const config = (
  more: Readonly<Record<string, unknown>> = {},
  top: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
      skipLibCheck: true,
      ...more,
    },
    include: ['src'],
    ...top,
  });

const project = (
  source: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> => ({
  'tsconfig.json': config(more),
  'package.json':
    '{"name":"app","type":"module","scripts":{"build":"tsc -p .","prebuild":"echo generating clients"}}\n',
  'src/index.ts': source,
});

const manyFiles = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [
    `src/model-${index}.ts`,
    `export interface Model${index} { readonly id: number; readonly name: string }\nexport function parse${index}(row: Record<string, string>): Model${index} {\n  return { id: Number(row.id) };\n}\n`,
  ]),
);

/** The TypeScript compiler. */
export const tsc: ToolScenarios = {
  tool: 'tsc',
  version: 'tsc --version',
  needs: ['tsc'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'tsc-not-assignable',
      title: 'A value of the wrong type, behind npm run',
      fails: ['code.compile', 'never-fixable'],
      files: project("const retries: number = 'three';\nexport default retries;\n"),
      run: 'npm run build',
      ci: true,
      cause: /error TS2322: Type 'string' is not assignable to type 'number'/,
    },
    {
      id: 'tsc-argument',
      title: 'An argument of the wrong type',
      fails: ['code.compile', 'never-fixable'],
      files: project('export function wait(ms: number): void {}\nwait({ seconds: 3 });\n'),
      run: 'tsc -p .',
      cause: /error TS2345: Argument of type/,
    },
    {
      id: 'tsc-missing-property',
      title: 'A property that the type does not have',
      fails: ['code.compile', 'never-fixable'],
      files: project(
        'interface User { readonly name: string }\nexport const greet = (user: User): string => user.fullName;\n',
      ),
      run: 'tsc -p . --pretty',
      cause: /TS2339: Property 'fullName' does not exist on type 'User'/,
    },
    {
      id: 'tsc-cannot-find-module',
      title: 'An import of a package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: project("import { createClient } from 'acme-client';\nexport const client = createClient();\n"),
      run: 'npm run build',
      cause: /error TS2307: Cannot find module 'acme-client'/,
    },
    {
      id: 'tsc-cannot-find-name',
      title: 'A name that nothing declares',
      fails: ['code.compile', 'never-fixable'],
      files: project('export const port = Number(config.port);\n'),
      run: 'tsc -p .',
      cause: /error TS2304: Cannot find name 'config'/,
    },
    {
      id: 'tsc-possibly-undefined',
      title: 'A value that may be undefined',
      fails: ['code.compile', 'never-fixable'],
      files: project("export const size = new Map<string, string>().get('size').length;\n"),
      run: 'tsc -p .',
      cause: /error TS2532: Object is possibly 'undefined'/,
    },
    {
      id: 'tsc-implicit-any',
      title: 'A parameter without a type',
      fails: ['code.compile', 'never-fixable'],
      files: project('export const twice = (value) => value * 2;\n'),
      run: 'tsc -p .',
      cause: /error TS7006: Parameter 'value' implicitly has an 'any' type/,
    },
    {
      id: 'tsc-syntax',
      title: 'A bracket that is never closed',
      fails: ['code.compile', 'never-fixable'],
      files: project('export function load() {\n  return [1, 2, 3;\n}\n'),
      run: 'tsc -p .',
      cause: /error TS1005: ',' expected/,
    },
    {
      id: 'tsc-no-export',
      title: 'An import of a name that the module does not export',
      fails: ['code.import', 'never-fixable'],
      files: {
        ...project("import { parseAll } from './parse.js';\nparseAll();\n"),
        'src/parse.ts': 'export const parse = (): void => {};\n',
      },
      run: 'tsc -p .',
      cause: /error TS(2305|2724): /,
    },
    {
      id: 'tsc-unknown-option',
      title: 'An option that the compiler does not know',
      fails: ['config.invalid', 'never-fixable'],
      files: project('export {};\n', { transpileEverything: true }),
      run: 'tsc -p .',
      cause: /error TS5023: Unknown compiler option 'transpileEverything'/,
    },
    {
      id: 'tsc-no-inputs',
      title: 'A configuration that matches no file',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'tsconfig.json': config({}, { include: ['source'] }), 'src/index.ts': 'export {};\n' },
      run: 'tsc -p .',
      cause: /error TS18003: No inputs were found in config file/,
    },
    {
      id: 'tsc-missing-types',
      title: 'Type definitions that are not installed',
      fails: ['dep.missing', 'never-fixable'],
      files: project('export {};\n', { types: ['acme-globals'] }),
      run: 'tsc -p .',
      cause: /error TS2688: Cannot find type definition file for 'acme-globals'/,
    },
    {
      id: 'tsc-many-errors',
      title: 'One changed helper breaks a thousand files',
      fails: ['code.compile', 'never-fixable'],
      files: { ...project('export {};\n'), ...manyFiles },
      run: 'npm run build',
      ci: true,
      cause: /error TS2741: Property 'name' is missing in type/,
    },
    {
      id: 'tsc-build-passes',
      title: 'A clean type check',
      passes: true,
      files: project('export const port: number = 8080;\n'),
      run: 'npm run build',
      ci: true,
    },
    {
      id: 'tsc-list-passes',
      title: 'A clean build that lists its files and diagnostics',
      passes: true,
      files: project('export class TimeoutError extends Error {}\n'),
      run: 'tsc -p . --listFiles --diagnostics',
    },
  ],
};
