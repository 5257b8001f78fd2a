export * from './ask.ts';
export * from './knowledge.ts';
export * from './stage.ts';
export * from './transition.ts';
export * from './advance.ts';
export * from './routing.ts';
export * from './errors.ts';
