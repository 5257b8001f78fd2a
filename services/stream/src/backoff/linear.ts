import { growing } from './growing.ts';

/** base, 2 base, 3 base, … */
export const linear = growing((made, { baseMs }) => baseMs * (made + 1));
