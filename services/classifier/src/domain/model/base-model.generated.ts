import type { ModelBody } from './linear-model.ts';
import { emptyModel } from './empty-model.ts';
export const baselineModel: ModelBody = emptyModel;
