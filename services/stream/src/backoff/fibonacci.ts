import { growing } from './growing.ts';

/** Beyond this index the number times any base is above any cap, and the loop would only cost time. */
const LAST_INDEX = 78; // F(79) is beyond 2^53

/** base times 1, 1, 2, 3, 5, 8, … */
export const fibonacci = growing((made, { baseMs }) => {
  let [current, next] = [1, 1];
  for (let index = 0; index < Math.min(made, LAST_INDEX); index += 1)
    [current, next] = [next, current + next];
  return baseMs * current;
});
