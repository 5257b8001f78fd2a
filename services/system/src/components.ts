export { ErrorClassifier } from '@faultline/classifier';
export { AutomatedFixGenerator } from '@faultline/fixer';
export { EscalationManager } from '@faultline/escalator';
export { ErrorAnalytics, PatternRecognition } from '@faultline/analytics';
export { RetryManager } from '@faultline/retrier';
