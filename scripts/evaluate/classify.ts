import { classifyText } from '@faultline/classifier';
import type { Predict } from './predict.ts';

/** What the pack of failed Maven builds calls our categories. */
const labels: Readonly<Record<string, string>> = {
  'test.assert': 'TEST_FAILURE',
  'test.timeout': 'TEST_FAILURE',
  'test.crash': 'TEST_FAILURE',
  'code.compile': 'COMPILATION_FAILURE',
  'code.import': 'COMPILATION_FAILURE',
  'env.toolchain': 'COMPILATION_FAILURE',
  'code.warning': 'WERROR_FAILURE',
  'dep.policy': 'ENFORCER_FAILURE',
  lint: 'ENFORCER_FAILURE',
  'dep.lockfile': 'DEPENDENCY_LOCK_FAILURE',
  'dep.missing': 'DEPENDENCY_RESOLUTION_FAILURE',
  'dep.remote': 'DEPENDENCY_RESOLUTION_FAILURE',
  'remote.blocked': 'DEPENDENCY_RESOLUTION_FAILURE',
};

/** The label of each failed build, and how sure the classifier is. */
export const classify: Predict = (items) =>
  items.map((item) => {
    const { classification } = classifyText(String(item['log'] ?? ''));
    return {
      id: item['id'],
      label: labels[classification.category] ?? 'unknown',
      confidence: classification.confidence,
      category: classification.category,
      rule: classification.ruleId,
    };
  });
