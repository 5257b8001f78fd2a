import { httpBase } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** jq. */
export const jq: ToolScenarios = {
  tool: 'jq',
  version: 'jq --version',
  needs: ['jq'],
  scenarios: [
    {
      id: 'jq-parse',
      title: 'An answer that is no JSON',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'response.json': '<!doctype html>\n' },
      run: 'jq .version response.json',
      cause: /parse error: Invalid (numeric )?literal/,
    },
    {
      id: 'jq-iterate',
      title: 'A value of another kind than expected',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'response.json': '{"items": null, "message": "Bad credentials"}\n' },
      run: 'jq -r ".items[].name" response.json',
      cause: /Cannot iterate over null/,
    },
    {
      id: 'jq-syntax',
      title: 'A filter that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'a.json': '{}' },
      run: "jq '.a | {' a.json",
      cause: /syntax error, unexpected/,
    },
    {
      id: 'jq-file',
      title: 'A file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'jq . coverage/summary.json',
      cause: /Could not open (file )?coverage\/summary\.json/,
    },
    {
      id: 'jq-passes',
      title: 'A field is read',
      passes: true,
      files: { 'a.json': '{"error": null, "version": "1.2.0"}' },
      run: 'jq . a.json',
    },
  ],
};

const apart =
  '-o Dir::Etc::SourceList=$PWD/sources.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/cache -o Acquire::Retries=0';

const aptFiles = (line: string): Readonly<Record<string, string>> => ({
  'sources.list': `${line}\n`,
  'lists/partial/.keep': '',
  'cache/archives/partial/.keep': '',
});

/** apt-get. */
export const apt: ToolScenarios = {
  tool: 'apt-get',
  version: 'apt-get --version | head -n 1',
  needs: ['apt-get'],
  scenarios: [
    {
      id: 'apt-locate',
      title: 'A package that no source has',
      fails: ['dep.missing', 'never-fixable'],
      files: aptFiles(''),
      run: `apt-get ${apart} install -y libacme-dev`,
      cause: /E: Unable to locate package libacme-dev/,
    },
    {
      id: 'apt-mirror',
      title: 'The mirror is down',
      fails: ['os.mirror', 'backoff'],
      files: aptFiles(`deb [trusted=yes] ${httpBase}/status/503/debian bookworm main`),
      run: `apt-get ${apart} -o APT::Update::Error-Mode=any update`,
      cause: /503 +Service Unavailable/,
    },
    {
      id: 'apt-resolve',
      title: 'Name resolution fails on the runner',
      fails: ['network.dns', 'backoff'],
      offline: true,
      files: aptFiles('deb [trusted=yes] http://deb.debian.org/debian bookworm main'),
      run: `apt-get ${apart} -o APT::Update::Error-Mode=any update`,
      cause: /Temporary failure resolving/,
    },
    {
      id: 'apt-lock',
      title: 'The user may not install packages',
      fails: ['os.permission', 'never-fixable'],
      unprivileged: true,
      run: 'apt-get install -y jq',
      cause: /E: Could not open lock file .* Permission denied/,
    },
    { id: 'apt-passes', title: 'A policy is printed', passes: true, run: 'apt-get --version' },
  ],
};
