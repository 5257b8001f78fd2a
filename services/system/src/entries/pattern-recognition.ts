export {
  PatternRecognition,
  type GivenEvent,
  type Insights,
  type PatternAnalysis,
  type PatternExport,
  type PatternRecognitionOptions,
  type Prediction,
} from '@faultline/analytics';
