export * from './arbitraries.ts';
export * from './laws.ts';
