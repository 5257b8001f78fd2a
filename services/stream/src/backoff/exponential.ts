import { growing } from './growing.ts';

/** base, base f, base f^2, … */
export const exponential = growing((made, { baseMs, factor }) => baseMs * factor ** made);
