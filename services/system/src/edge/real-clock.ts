import type { LineClock } from '@faultline/stream';

/** Longest delay that a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock and the timers of the process. Timers keep the process alive: an error in the line is work. */
export const realClock: LineClock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(
        () => (left > MAX_TIMER_MS ? wait(left - MAX_TIMER_MS) : run()),
        Math.min(left, MAX_TIMER_MS),
      );
    };
    wait(Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
