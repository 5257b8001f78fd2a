import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: Images and containers. */
export const containersRules: readonly FixRule[] = [
  {
    id: 'docker.missing-tag',
    when: {
      categories: ['container.missing'],
      needle: 'manifest for',
      pattern: 'manifest for (?<name>\\S+) not found',
      captures: {
        name: 'docker-image',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Name a tag that exists instead of {name}',
      body: 'Dockerfile: FROM {name} with a tag that the registry has',
      files: ['Dockerfile'],
      risk: 'medium',
      confidence: 0.5,
      validation: ['docker pull {name}'],
    },
    why: 'The registry has the image but not this tag, or neither.',
  },
  {
    id: 'docker.entry-line-ends',
    when: {
      categories: ['container.entry'],
      needle: 'no such file or directory',
      pattern: 'exec(?: user process caused:?| /\\S{1,200}:).{0,3}no such file or directory',
      captures: {},
    },
    then: {
      kind: 'configuration',
      title: 'Keep LF line ends in scripts',
      body: '.gitattributes: *.sh text eol=lf',
      files: ['.gitattributes'],
      risk: 'low',
      confidence: 0.55,
      validation: ['git ls-files --eol'],
    },
    why: 'A script with CRLF line ends has an interpreter that nobody finds. A wrong architecture or a missing shell look the same.',
  },
  {
    id: 'docker.architecture',
    when: {
      categories: ['container.entry'],
      needle: 'exec format error',
      pattern: 'exec format error',
      captures: {},
    },
    then: {
      kind: 'configuration',
      title: 'Build for the architecture that runs it',
      body: 'docker buildx build --platform linux/amd64',
      files: [],
      risk: 'low',
      confidence: 0.6,
      validation: [],
    },
    why: 'The image holds programs of another architecture.',
  },
  {
    id: 'docker.context',
    when: {
      categories: ['container.missing', 'container'],
      needle: 'failed to calculate checksum of ref',
      pattern: 'failed to (?:calculate checksum of|compute cache key).{0,200}not found',
      captures: {},
    },
    then: {
      kind: 'configuration',
      title: 'Bring the copied file into the build context',
      body: '.dockerignore: do not exclude what COPY names',
      files: ['.dockerignore'],
      risk: 'low',
      confidence: 0.5,
      validation: ['docker build .'],
    },
    why: 'COPY names a file that is not in the build context: not built yet, or excluded by .dockerignore.',
  },
];
