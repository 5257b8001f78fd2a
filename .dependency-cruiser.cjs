/**
 * The dependency table of the project (ARCHITECTURE.md) as rules. Each comment says what to do instead.
 * Type-only imports count as well: a type is a dependency for the reader.
 */
const SERVICES = 'classifier|retrier|fixer|escalator|analytics|gateway|cli|system';
const STAGE_SERVICES = 'classifier|retrier|fixer|escalator|analytics';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules must not import each other in a circle: move what both need into a third one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'schemas-stand-alone',
      comment: 'The contract uses avsc alone: put what needs more into platform.',
      severity: 'error',
      from: { path: '^schemas/src', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^(schemas/src|node_modules/avsc)', dependencyTypesNot: ['core'] },
    },
    {
      name: 'stream-is-pure',
      comment: 'The kernel uses nothing at run time but node:crypto; types of the contract are welcome.',
      severity: 'error',
      from: { path: '^services/stream/src', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { pathNot: '^(services/stream/src|schemas/src|crypto$)' },
    },
    {
      name: 'platform-knows-no-service',
      comment: 'The platform is generic: hand it data or a function instead.',
      severity: 'error',
      from: { path: '^services/platform/src' },
      to: { path: `^services/(${SERVICES})/` },
    },
    {
      name: 'services-are-strangers',
      comment: 'A service never imports another: let records carry it, or move the shared part to stream.',
      severity: 'error',
      from: { path: `^services/(${STAGE_SERVICES})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^services/(${SERVICES})/`, pathNot: '^services/$1/' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'A domain decides, it does not act: take the value in as an argument, or put the effect into an edge file.',
      severity: 'error',
      from: { path: `^services/(${STAGE_SERVICES})/src/domain/`, pathNot: '\\.test\\.ts$' },
      to: {
        pathNot:
          '^(services/$1/src/domain/|services/stream/src|schemas/src|crypto$|node_modules/(re2js|yaml|zod)/|services/$1/rules/)',
      },
    },
    {
      name: 'stages-use-no-platform',
      comment: 'Stages run in process too: only main and edge files may use the platform.',
      severity: 'error',
      from: { path: `^services/(${STAGE_SERVICES})/src/(stage|index)\\.ts$` },
      to: { path: '^services/platform/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'entries-only',
      comment: 'Import the entry of a package, not a file inside it.',
      severity: 'error',
      from: { path: '^(services/([^/]+)|schemas|test|scripts)/', pathNot: '^scripts/(train|generate)/' },
      to: {
        path: `^services/(${SERVICES}|stream|platform)/src/`,
        pathNot: [
          '^services/[^/]+/src/(index|main|components)\\.ts$',
          '^services/[^/]+/src/testing/index\\.ts$',
          '^services/$2/',
        ],
      },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests and scripts are ends: move what others need into a package.',
      severity: 'error',
      from: { path: '^(services|schemas)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-undeclared',
      comment: 'Declare the package in the package.json of the workspace that uses it.',
      severity: 'error',
      from: { path: '^(services|schemas)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|\\.faultline|test/corpus/data|dist-page|package-dist)' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      conditionNames: ['dev', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.json'],
    },
  },
};
