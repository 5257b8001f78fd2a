export * from './events.ts';
export * from './topics.ts';
export * from './defaults.ts';
export * from './observation-defaults.ts';
export * from './outcome-defaults.ts';
export * from './wire.ts';
export * from './codec.ts';
export * from './contract-input.ts';
export { registeredSchemas, type RecordName } from './registered.ts';
