import type { ModelBody } from './linear-model.ts';

/** A model that knows nothing and therefore abstains. */
export const emptyModel: ModelBody = {
  format: 1,
  categories: [],
  weights: '',
  scale: 1,
  bias: [],
  temperature: 1,
  examples: 0,
};
