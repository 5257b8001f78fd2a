import type { Knowledge } from '@faultline/stream';
import type { ClassifyWith } from './classify-with.ts';
import type { ClassifierBodies } from './knowledge.ts';
import { groupOf } from './merges.ts';
import { LinearModel } from './model/linear-model.ts';
import { PatternSet } from './patterns/pattern-set.ts';
import { RuleSet } from './rules/rule-set.ts';

/** A function whose results are kept for as long as its argument lives: a snapshot never changes. */
function kept<Body extends object, Ready>(make: (body: Body) => Ready): (body: Body) => Ready {
  const known = new WeakMap<Body, Ready>();
  return (body) => {
    const ready = known.get(body) ?? make(body);
    known.set(body, ready);
    return ready;
  };
}

const rulesOf = kept((body: ClassifierBodies['rules']) => new RuleSet(body));
const patternsOf = kept((body: ClassifierBodies['patterns']) => new PatternSet(body));
const modelOf = kept((body: ClassifierBodies['model']) => new LinearModel(body));

/** Knowledge ready to classify with. */
export function classifyWith(
  knowledge: Knowledge<ClassifierBodies>,
  settings: { readonly enableMLClassification: boolean; readonly confidenceThreshold: number },
): ClassifyWith {
  return {
    rules: rulesOf(knowledge.rules.body),
    patterns: patternsOf(knowledge.patterns.body),
    model: settings.enableMLClassification ? modelOf(knowledge.model.body) : undefined,
    confidenceThreshold: settings.confidenceThreshold,
    groupOf: (fingerprint) => groupOf(knowledge.merges.body, fingerprint),
  };
}
