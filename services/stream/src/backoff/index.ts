export * from './backoff.ts';
export * from './next-delay.ts';
export * from './retry-worth.ts';
