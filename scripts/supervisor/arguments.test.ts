import { expect, test } from 'vitest';
import { parseArguments, renderHelp } from './arguments.mjs';

const specs = {
  detach: { kind: 'flag', help: 'return when ready' },
  rate: { kind: 'positive', value: 'N', help: 'errors a second' },
  data: { kind: 'text', value: 'DIR', help: 'folder' },
  'port-base': { kind: 'port', value: 'N', help: 'first port' },
} as const;

test('flags, values beside and behind the equals sign', () => {
  expect(
    parseArguments(['--detach', '--rate', '2.5', '--data=/tmp/x', '--port-base', '20000'], specs),
  ).toEqual({
    detach: true,
    rate: 2.5,
    data: '/tmp/x',
    'port-base': 20_000,
  });
});

test.each([
  [['--detatch'], 'unknown option: --detatch', 'did you mean --detach?'],
  [['--port'], 'unknown option: --port', 'did you mean --port-base?'],
  [['--nonsense'], 'unknown option: --nonsense', 'options are --detach --rate --data --port-base'],
  [['--toString'], 'unknown option: --toString', 'options are'],
  [['detach'], 'unexpected argument: detach', 'options are'],
  [['--rate'], '--rate needs a value', '--rate N: errors a second'],
  [['--rate', '--detach'], '--rate needs a value', 'errors a second'],
  [['--data='], '--data needs a value', '--data DIR'],
  [['--rate', 'fast'], '--rate must be a number above 0, not fast', 'errors a second'],
  [['--rate', '0'], '--rate must be a number above 0, not 0', 'errors a second'],
  [['--rate', '1', '--rate', '2'], '--rate is given twice', 'give it once'],
  [['--detach=yes'], '--detach takes no value', 'write --detach alone'],
  [['--port-base', '80'], '--port-base must be a whole number from 1024 to 65486, not 80', 'block of 50'],
  [['--port-base', '65500'], '--port-base must be a whole number', 'block of 50'],
])('%j is refused as wrong usage', (argv, message, remedy) => {
  expect(() => parseArguments(argv, specs)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
      code: 'usage',
    }),
  );
});

test('the help names every option with its value', () => {
  expect(renderHelp('npm start -- [options]', specs)).toBe(
    [
      'npm start -- [options]',
      '',
      '  --detach       return when ready',
      '  --rate N       errors a second',
      '  --data DIR     folder',
      '  --port-base N  first port',
    ].join('\n'),
  );
});
