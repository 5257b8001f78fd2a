/** Faults by name: `--faults all` is all of them, `--faults a,b` some. */
export const faultNames = [
  'kill-service',
  'pause-service',
  'crash-points',
  'scale',
  'rolling-restart',
  'kill-broker',
  'pause-broker',
  'kill-registry',
  'pause-registry',
  'kill-postgres',
  'pause-postgres',
  'full-disk',
  'end-txn',
  'cut-network',
  'outside',
] as const;
/** Name of a fault. */
export type FaultName = (typeof faultNames)[number];
