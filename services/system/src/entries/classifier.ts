export { ErrorClassifier, type Classifiable, type ErrorClassifierOptions } from '@faultline/classifier';
