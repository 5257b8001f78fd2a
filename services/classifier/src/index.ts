/**
 * The classifier. For the line: `createClassifierStage`, `classifierConfig`, `depsOf`.
 */
export { createClassifierStage, type ClassifierDeps } from './stage.ts';
export { classifierConfig, depsOf, type ClassifierConfig } from './config.ts';
export { classifierKnowledge, type ClassifierBodies } from './domain/knowledge.ts';
export {
  createRedactor,
  type Redacted,
  type Redactor,
  type RedactOptions,
} from './domain/redact/redactor.ts';
export { redactEvent } from './domain/redact/redact-event.ts';
export {
  categories,
  categoryDefaults,
  errorTypes,
  type Category,
  type ErrorType,
} from './domain/taxonomy/categories.ts';
