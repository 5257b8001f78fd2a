import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** webpack. */
export const webpack: ToolScenarios = {
  tool: 'webpack',
  version:
    'sed -n "s/^  \\"version\\": \\"\\(.*\\)\\",/\\1/p" "$(dirname "$(readlink -f "$(command -v webpack)")")/../package.json"',
  needs: ['webpack'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'webpack-resolve',
      title: 'An import that cannot be resolved',
      fails: ['code.import', 'never-fixable'],
      files: {
        'package.json': '{"name":"app","scripts":{"build":"webpack --mode production"}}',
        'src/index.js': "import './theme.css';\nimport { render } from './render';\nrender();\n",
      },
      run: 'npm run build',
      ci: true,
      cause: /Module not found: Error: Can't resolve '\.\/render'/,
    },
    {
      id: 'webpack-loader',
      title: 'A file type without a loader',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/index.js': "import './theme.css';\n", 'src/theme.css': 'body { color: red; }\n' },
      run: 'webpack --mode production',
      cause: /You may need an appropriate loader to handle this file type/,
    },
    {
      id: 'webpack-config',
      title: 'A configuration with an unknown key',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'webpack.config.js': "module.exports = { mode: 'production', entrypoint: './src/index.js' };\n",
        'src/index.js': 'export {};\n',
      },
      run: 'webpack',
      cause: /Invalid configuration object/,
    },
    {
      id: 'webpack-passes',
      title: 'A bundle with a warning about its size',
      passes: true,
      files: { 'src/index.js': 'console.log("error page loaded");\n' },
      run: 'webpack --mode production',
    },
  ],
};

/** esbuild. */
export const esbuild: ToolScenarios = {
  tool: 'esbuild',
  version: 'esbuild --version',
  needs: ['esbuild'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'esbuild-resolve',
      title: 'An import that cannot be resolved',
      fails: ['code.import', 'never-fixable'],
      files: { 'src/index.ts': "import { pay } from '@acme/payments';\npay();\n" },
      run: 'esbuild src/index.ts --bundle --outfile=dist/index.js',
      cause: /Could not resolve "@acme\/payments"/,
    },
    {
      id: 'esbuild-syntax',
      title: 'A string that is never closed, with colours',
      fails: ['code.compile', 'never-fixable'],
      files: { 'src/index.ts': "export const name = 'app;\n" },
      run: 'esbuild src/index.ts --bundle --outfile=dist/index.js --color=true',
      cause: /Unterminated string literal/,
    },
    {
      id: 'esbuild-no-export',
      title: 'An import of a name that the module does not export',
      fails: ['code.compile', 'never-fixable'],
      files: {
        'src/index.ts': "import { b } from './b';\nconsole.log(b);\n",
        'src/b.ts': 'export const a = 1;\n',
      },
      run: 'esbuild src/index.ts --bundle --outfile=dist/index.js',
      cause: /No matching export in "src\/b\.ts" for import "b"/,
    },
    {
      id: 'esbuild-flag',
      title: 'A flag that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/index.ts': 'export {};\n' },
      run: 'esbuild src/index.ts --bundel',
      cause: /Invalid build flag: "--bundel"/,
    },
    {
      id: 'esbuild-passes',
      title: 'A bundle',
      passes: true,
      files: { 'src/index.ts': 'export const a = 1;\n' },
      run: 'esbuild src/index.ts --bundle --outfile=dist/index.js',
    },
  ],
};

/** Vite. */
export const vite: ToolScenarios = {
  tool: 'vite',
  version: 'vite --version',
  needs: ['vite'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'vite-resolve',
      title: 'Rollup cannot resolve an import',
      fails: ['code.import', 'never-fixable'],
      files: {
        'index.html': '<script type="module" src="/main.js"></script>\n',
        'main.js': "import { mount } from 'acme-ui';\nmount();\n",
      },
      run: 'vite build',
      cause: /Rollup failed to resolve import "acme-ui"/,
    },
    {
      id: 'vite-entry',
      title: 'No entry page',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'main.js': 'export {};\n' },
      run: 'vite build',
      cause: /Could not resolve entry module "index\.html"/,
    },
    {
      id: 'vite-port',
      title: 'The port of the preview server is taken',
      fails: ['os.port', 'once'],
      files: { 'index.html': '<p>hi</p>\n' },
      prepare: 'vite build >/dev/null',
      run: `vite preview --host 127.0.0.1 --port ${ports.http} --strictPort`,
      cause: /Error: Port \d+ is already in use/,
    },
    {
      id: 'vite-passes',
      title: 'A build',
      passes: true,
      files: {
        'index.html': '<script type="module" src="/main.js"></script>\n',
        'main.js': 'console.log(1);\n',
      },
      run: 'vite build',
    },
  ],
};
