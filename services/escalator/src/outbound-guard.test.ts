import { describe, expect, it } from 'vitest';
import { outboundGuard, OutboundRefused } from './outbound-guard.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'api.example.com': ['93.184.216.34'],
  'inside.example.com': ['10.1.2.3'],
  'both.example.com': ['93.184.216.34', '127.0.0.1'],
  'six.example.com': ['2606:2800:220:1::1'],
};
const resolve = async (host: string): Promise<readonly string[]> => names[host] ?? [];
const passes = async (allow: string, url: string): Promise<boolean> =>
  outboundGuard(
    allow,
    resolve,
  )(new URL(url)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof OutboundRefused) return false;
      throw error;
    },
  );

describe('outbound guard', () => {
  it.each([
    ['', 'https://api.example.com/x', true],
    ['', 'https://six.example.com/x', true],
    ['', 'http://api.example.com/x', false], // not encrypted
    ['', 'https://inside.example.com', false],
    ['', 'https://both.example.com', false], // one of its addresses is inside
    ['', 'https://127.0.0.1', false],
    ['', 'https://[::1]', false],
    ['', 'https://[::ffff:127.0.0.1]', false],
    ['', 'https://169.254.169.254/latest/meta-data', false],
    ['', 'https://0.0.0.0', false],
    ['', 'https://2130706433', false], // 127.0.0.1 as one number
    ['', 'https://0x7f.1', false],
    ['', 'https://[fd00::1]', false],
    ['', 'https://192.168.1.1', false],
    ['', 'https://172.31.255.255', false],
    ['', 'https://172.32.0.1', true],
    ['127.0.0.1', 'http://127.0.0.1:8080', true],
    ['127.0.0.1', 'http://127.0.0.2:8080', false],
    ['127.0.0.0/8', 'http://127.0.0.2:8080', true],
    ['10.0.0.0/8', 'https://inside.example.com', true],
    ['inside.example.com', 'http://inside.example.com', true],
    ['localhost', 'http://localhost:3000', true],
    ['::1', 'http://[::1]:1', true],
    ['other.example.com, 10.0.0.0/8', 'smtp://inside.example.com:25', true],
    ['', 'smtp://api.example.com:587', true],
  ])('allow %j: %s passes: %s', async (allow, url, expected) => {
    expect(await passes(allow, url)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/x', 'host/8', '10.0.0.0/8/8'])('refuses %j as a range', (allow) => {
    expect(() => outboundGuard(allow)).toThrow('is no range');
  });
});
