import { classify } from './classify.ts';
import { group } from './group.ts';
import type { Predict } from './predict.ts';
import { regions } from './regions.ts';

/** The tasks, by the name that the command line gives. */
export const tasks: Readonly<Record<string, Predict>> = { regions, classify, group };
