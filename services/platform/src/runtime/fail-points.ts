/** Points where a service can be made to crash, for fault tests. */
export const failPointNames = [
  'after-init',
  'after-produce',
  'after-send-offsets',
  'after-commit',
  'inbox-before-commit',
  'inbox-after-commit',
  'outbox-after-send',
  'effect-after-call',
] as const;
/** Name of a point. */
export type FailPointName = (typeof failPointNames)[number];

/** Crashes the process at a chosen point, the Nth time it is passed; does nothing where none is chosen. */
export interface FailPoints {
  readonly hit: (point: FailPointName) => void;
}

/** Parses `POINT` or `POINT:N`. `crash` must not return. */
export function failPoints(spec: string | undefined, crash: (point: string) => void): FailPoints {
  if (spec === undefined) return { hit: () => undefined };
  const [name, count = '1'] = spec.split(':');
  let left = Number(count);
  return {
    hit: (point) => {
      if (point !== name) return;
      left -= 1;
      if (left === 0) crash(point);
    },
  };
}
