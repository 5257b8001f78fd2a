export * from './arbitraries.ts';
export * from './laws.ts';
export * from './manual-clock.ts';
