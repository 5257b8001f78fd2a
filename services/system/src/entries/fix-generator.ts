export {
  AutomatedFixGenerator,
  type AutomatedFixGeneratorOptions,
  type CodegenAnswer,
  type CodegenClient,
  type CodegenRequest,
  type FixStatistics,
  type GeneratedFix,
} from '@faultline/fixer';
