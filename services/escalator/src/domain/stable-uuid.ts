import { hashOf } from '@faultline/stream';

/** A UUID in the shape of version 4 whose digits come from a hash: the same parts give the same id. */
export function stableUuid(...parts: readonly (string | number)[]): string {
  const digits = hashOf('uuid', ...parts).slice(0, 32);
  const variant = '89ab'[Number.parseInt(digits.slice(16, 17), 16) % 4] ?? '8';
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
