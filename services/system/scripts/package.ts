/**
 * Builds the one published package, `faultline`, into package-dist: the workspace packages and what they need in
 * a few files of ES modules without top-level await, so that `require` loads them too, with their types.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { rollup, type Plugin as RollupPlugin } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const root = path.resolve(folder, '..', '..');
const out = path.resolve(process.argv[2] ?? path.join(folder, 'package-dist'));

/** Declarations of all sources that the entries reach; removed at the end. */
const emitted = path.join(out, '.declarations');

/** Subpaths of the package, and the file behind each. */
const entries: Readonly<Record<string, string>> = {
  index: 'index',
  ...Object.fromEntries(
    readdirSync(path.join(folder, 'src', 'entries')).map((file) => {
      const name = path.basename(file, '.ts');
      return [name, `entries/${name}`];
    }),
  ),
};

/** Modules of the workspace do nothing when they are loaded: what nobody uses of them stays out. */
const withoutEffects: Plugin = {
  name: 'without-effects',
  setup: (building) => {
    building.onResolve({ filter: /^@faultline\// }, async (args) => {
      if (args.pluginData === 'resolving') return undefined;
      const resolved = await building.resolve(args.path, {
        kind: args.kind,
        resolveDir: args.resolveDir,
        importer: args.importer,
        pluginData: 'resolving',
      });
      return { ...resolved, sideEffects: false };
    });
    building.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path: to, resolveDir }) => ({
      path: path.resolve(resolveDir, to),
      sideEffects: false,
    }));
  },
};

/** CRC-32C (Castagnoli) in plain JavaScript, in place of the native module: the package runs anywhere. */
const portableChecksum: Plugin = {
  name: 'portable-checksum',
  setup: (building) => {
    building.onResolve({ filter: /^@node-rs\/crc32$/ }, () => ({
      path: 'crc32c',
      namespace: 'portable-checksum',
    }));
    building.onLoad({ filter: /.*/, namespace: 'portable-checksum' }, () => ({
      contents: `
        const table = Uint32Array.from({ length: 256 }, (_, byte) => {
          let crc = byte;
          for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
          return crc >>> 0;
        });
        exports.crc32c = (bytes) => {
          let crc = 0xffffffff;
          for (let at = 0; at < bytes.length; at += 1) crc = table[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
          return (crc ^ 0xffffffff) >>> 0;
        };`,
    }));
  },
};

const packageOf = (specifier: string): string => specifier.replace('@faultline/', '');

/** Declarations as the compiler wrote them: packages of the workspace by name, files with the ending of their source. */
const declarations: RollupPlugin = {
  name: 'declarations',
  resolveId: (specifier, importer) => {
    if (specifier.startsWith('@faultline/')) {
      const name = packageOf(specifier);
      const home = name === 'schemas' ? 'schemas' : path.join('services', name);
      return path.join(emitted, home, 'src', 'index.d.ts');
    }
    if (specifier === 'zod') return path.join(root, 'node_modules', 'zod', 'index.d.ts');
    if (importer !== undefined && specifier.startsWith('.')) {
      return path.resolve(path.dirname(importer), specifier.replace(/\.[jt]s$/, '.d.ts'));
    }
    return null;
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
emitDeclarations();

const { metafile } = await build({
  entryPoints: Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [name, path.join(folder, 'src', `${file}.ts`)]),
  ),
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['dev'],
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [withoutEffects, portableChecksum],
  metafile: true,
  logLevel: 'warning',
  // what was CommonJS asks for Node's own modules by require
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});

const types = await rollup({
  input: Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [
      name,
      path.join(emitted, 'services', 'system', 'src', `${file}.d.ts`),
    ]),
  ),
  plugins: [declarations, dts({ includeExternal: ['zod'] })],
  external: (id) => id.startsWith('node:'),
  onLog: (level, log, handle) => {
    // a type that a subpath shares and does not export itself is exported by the package's own entry
    if (!log.message.includes('private shared type exports')) handle(level, log);
  },
});
await types.write({
  dir: out,
  format: 'es',
  entryFileNames: '[name].d.ts',
  chunkFileNames: 'chunks/[name]-[hash].d.ts',
});
await types.close();
rmSync(emitted, { recursive: true });

writeManifest();
copyFileSync(path.join(root, 'LICENSE'), path.join(out, 'LICENSE'));
copyFileSync(path.join(folder, 'README.md'), path.join(out, 'README.md'));
writeFileSync(path.join(out, 'THIRD-PARTY-LICENSES'), licences(metafile));
console.log(`packed ${Object.keys(entries).length} entries into ${path.relative(root, out)}`);

function emitDeclarations(): void {
  const config = path.join(out, 'tsconfig.json');
  const compilerOptions = {
    composite: false,
    emitDeclarationOnly: true,
    sourceMap: false,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    rootDir: root,
    outDir: emitted,
    // what is found by node_modules counts as foreign, and nothing is emitted for it
    paths: {
      '@faultline/schemas': [path.join(root, 'schemas', 'src', 'index.ts')],
      '@faultline/*': [path.join(root, 'services', '*', 'src', 'index.ts')],
    },
    typeRoots: [path.join(root, 'node_modules', '@types')],
  };
  const files = Object.values(entries).map((file) => path.join(folder, 'src', `${file}.ts`));
  writeFileSync(
    config,
    JSON.stringify({ extends: path.join(root, 'tsconfig.base.json'), compilerOptions, files }),
  );
  execFileSync(
    process.execPath,
    [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', config],
    {
      stdio: 'inherit',
    },
  );
  rmSync(config);
}

function writeManifest(): void {
  const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly license: string;
  };
  const subpaths = Object.keys(entries).map((name) => [
    name === 'index' ? '.' : `./${name}`,
    { types: `./${name}.d.ts`, default: `./${name}.js` },
  ]);
  const manifest = {
    name: 'faultline',
    version,
    description: 'Errors of CI/CD pipelines, each driven to an end: retried, fixed, handed over or escalated',
    license,
    type: 'module',
    engines: { node: '>=20.19' },
    main: './index.js',
    types: './index.d.ts',
    exports: { ...Object.fromEntries(subpaths), './package.json': './package.json' },
    sideEffects: false,
    peerDependencies: { '@linear/sdk': '>=98' },
    peerDependenciesMeta: { '@linear/sdk': { optional: true } },
  };
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The licences of what was bundled, as their terms ask for. */
function licences({ inputs }: Metafile): string {
  const homes = new Set(
    Object.keys(inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  return [...homes]
    .sort()
    .map((home) => {
      const at = path.resolve(home);
      const { name, version, license } = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as {
        readonly name: string;
        readonly version: string;
        readonly license?: unknown;
      };
      const file = readdirSync(at).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
      const text =
        file !== undefined && existsSync(path.join(at, file))
          ? readFileSync(path.join(at, file), 'utf8')
          : '';
      return `${name} ${version} (${typeof license === 'string' ? license : 'see below'})\n\n${text.trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
