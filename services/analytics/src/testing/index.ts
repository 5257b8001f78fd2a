export { apiUnderTest } from './api-under-test.ts';
export { filledDatabase } from './filled-database.ts';
export {
  generatedLine,
  rangeOutcome,
  type GeneratedLineOptions,
  type RecordHistory,
} from './generated-line.ts';
export { inTransaction, testDatabase, type TestDatabase } from './test-database.ts';
export { encodeBodiesForBench } from './bench-bodies.ts';
