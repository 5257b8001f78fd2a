import { expect, test } from 'vitest';
import { portsOf } from '../native/ports.mjs';
import { composeEnvironment, composeTargets, parseComposePs } from './docker.mjs';
import { externalLine, parseServiceUrls } from './external.mjs';

const row = (service: string, published: number) => ({
  ID: `${service}-id`,
  Service: service,
  Publishers: [
    { TargetPort: 9999, PublishedPort: 1 },
    { TargetPort: 8080, PublishedPort: published },
  ],
});

test.each([
  [
    'one object a line',
    [row('classifier', 32_768), row('classifier', 32_769)].map((each) => JSON.stringify(each)).join('\n'),
  ],
  ['one array', JSON.stringify([row('classifier', 32_768), row('classifier', 32_769)])],
])('containers as compose lists them: %s', (_, text) => {
  expect(parseComposePs(text)).toEqual([
    { service: 'classifier', id: 'classifier-id', port: 32_768 },
    { service: 'classifier', id: 'classifier-id', port: 32_769 },
  ]);
});

test('nothing listed, and a container that publishes nothing', () => {
  expect(parseComposePs('\n')).toEqual([]);
  expect(parseComposePs('{"ID":"x","Service":"replay","Publishers":null}')).toEqual([
    { service: 'replay', id: 'x', port: null },
  ]);
  expect(parseComposePs(JSON.stringify(row('gateway', 0)))[0]?.port).toBeNull();
});

test('the profiles and ports that compose is given', () => {
  const ports = portsOf(20_000);
  expect(composeEnvironment({ ports, replayRate: 3, all: false })).toMatchObject({
    COMPOSE_PROFILES: 'demo,observability',
    FAULTLINE_REPLAY_RATE: '3',
    FAULTLINE_PORT_API: '20000',
    FAULTLINE_PORT_BROKER: '20021',
  });
  expect(composeEnvironment({ ports, replayRate: null, all: true }).COMPOSE_PROFILES).toBe(
    'all,observability',
  );
});

test('what compose is told to start', () => {
  expect(composeTargets({ replayRate: 1, all: false })).toEqual([]);
  expect(composeTargets({ replayRate: 1, all: true })).toEqual(['system', 'replay', 'prometheus', 'grafana']);
  expect(composeTargets({ replayRate: null, all: true })).not.toContain('replay');
});

test('a line elsewhere, as the environment names it', () => {
  expect(externalLine({})).toBeUndefined();
  expect(
    externalLine({
      FAULTLINE_BROKERS: 'a:9092, b:9092',
      FAULTLINE_REGISTRY_URL: 'http://r/apis/ccompat/v7/',
      FAULTLINE_SERVICE_URLS: 'classifier=http://c:8080/,retrier=http://d:8080',
    }),
  ).toEqual({
    brokers: ['a:9092', 'b:9092'],
    registry: 'http://r/apis/ccompat/v7',
    database: null,
    api: null,
    gateway: null,
    services: [
      { name: 'classifier', url: 'http://c:8080' },
      { name: 'retrier', url: 'http://d:8080' },
    ],
  });
  expect(parseServiceUrls('')).toEqual([]);
});
