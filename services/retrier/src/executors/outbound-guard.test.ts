import { describe, expect, it } from 'vitest';
import { OutboundAllowError, outboundGuard } from './outbound-guard.ts';

describe('the outbound guard', () => {
  const open = outboundGuard([]);

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    'not an address',
    '',
  ])('refuses %s', (address) => expect(open.mayConnect(address)).toBe(false));

  it.each([
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '8.8.8.8',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
  ])('lets %s through', (address) => expect(open.mayConnect(address)).toBe(true));

  it('lets through what the operator names, and nothing beside it', () => {
    const guard = outboundGuard([' CI.internal:8080 ', 'localhost', '10.1.0.0/16', '::1', '']);
    expect(guard.isNamed('ci.internal', 8080)).toBe(true);
    expect(guard.isNamed('ci.internal', 8081)).toBe(false);
    expect(guard.isNamed('LOCALHOST', 1)).toBe(true);
    expect(guard.mayConnect('10.1.255.255')).toBe(true);
    expect(guard.mayConnect('10.2.0.0')).toBe(false);
    expect(guard.mayConnect('::1')).toBe(true);
    expect(guard.mayConnect('127.0.0.1')).toBe(false);
  });

  it.each(['http://a', '10.0.0.0/33', '10.0.0.0/x', 'a b', '-a', 'a:999999'])(
    'refuses the entry %s',
    (entry) => {
      expect(() => outboundGuard([entry])).toThrow(OutboundAllowError);
    },
  );
});
