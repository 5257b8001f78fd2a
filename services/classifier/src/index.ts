/**
 * The classifier.
 *
 * For the line: `createClassifierStage(deps)`, `classifierConfig`, `depsOf(config)`, `classifierKnowledge`.
 * Alone, without a cluster:
 * - `new ErrorClassifier({enableMLClassification, confidenceThreshold}).classifyError(error, context)`
 * - `classifyFile(bytes or text, options)` and `classifyText(text, options)`: what the stage would decide on a log
 * - `fingerprintText(text, options)`: the identity of the failure in a log
 * - `redactText(text, options)`: the text without secrets, and what was found
 * - `testRules(files, samples)`: hits, steals, overlaps, and rules that are refused for hitting passing logs;
 *   `rulesFrom(files)`: a pack with a user's rules laid over the shipped ones, for `knowledgeWith(pack)`, which goes
 *   into the options as `knowledge`
 * - `cutAroundRegion(text, bytes)`: a log cut at its source to what explains the failure and the lines around it
 * All of them are pure; none reads a file, a clock or the environment.
 */
export { createClassifierStage, type ClassifierDeps } from './stage.ts';
export { classifierConfig, depsOf, type ClassifierConfig } from './config.ts';
export { classifierKnowledge, type ClassifierBodies } from './domain/knowledge.ts';
export { classifyText, classifyWhole, type Classified, type ClassifyOptions } from './classify-text.ts';
export { ErrorClassifier, type Classifiable, type ErrorClassifierOptions } from './error-classifier.ts';
export { classifyFile, fingerprintText, redactText, type ClassifiedFile } from './files.ts';
export {
  knowledgeWith,
  rulesFrom,
  testRules,
  type RuleReport,
  type RulesReport,
  type SampleLog,
} from './test-rules.ts';
export { cutAroundRegion } from './cut-around-region.ts';
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
