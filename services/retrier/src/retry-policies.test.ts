import { describe, expect, it } from 'vitest';
import { baselinePolicies } from './domain/baseline-policies.ts';
import { parseRetryPolicies } from './retry-policies.ts';

describe('stored policies', () => {
  it('pass where they are what ships, after a trip through JSON', () => {
    expect(parseRetryPolicies(JSON.parse(JSON.stringify(baselinePolicies)))).toEqual(baselinePolicies);
  });

  it.each([
    ['default.maxRetries', { default: { ...baselinePolicies.default, maxRetries: 1_000 } }],
    ['byCategory.iac.baseMs', { byCategory: { iac: { baseMs: -1 } } }],
    ['byErrorType.X', { byErrorType: { X: { retries: 3 } } }],
    ['classes', { classes: { backoff: { maxRetries: null, minimumBaseMs: 0 } } }],
    ['sideEffects', { sideEffects: ['Deploy now'] }],
  ])('name the wrong field: %s', (field, changes) => {
    expect(() => parseRetryPolicies({ ...baselinePolicies, ...changes })).toThrow(field.split('.')[0]);
  });

  it('refuse what is not an object', () => {
    expect(() => parseRetryPolicies(null)).toThrow('retry-policies');
  });
});
