import { classify } from './classify.ts';
import { group } from './group.ts';
import { regions } from './regions.ts';

/** One item of a pack: a line of JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** Turns the items of a pack into predictions, in their order or in any other. */
export type Predict = (items: readonly Item[]) => readonly Item[] | Promise<readonly Item[]>;

/** The tasks, by the name that the command line gives. */
export const tasks: Readonly<Record<string, Predict>> = { regions, classify, group };
