import type { FaultName } from './chaos-options.ts';
import type { Fault } from './fault-context.ts';
import * as infrastructure from './infrastructure-faults.ts';
import * as services from './service-faults.ts';

/** Faults of the processes of the line itself; one at a time, beside one of the infrastructure. */
const serviceFaultNames: ReadonlySet<FaultName> = new Set([
  'kill-service',
  'pause-service',
  'crash-points',
  'scale',
  'rolling-restart',
]);

/** Whether a fault is one of the processes of the line. */
export const isServiceFault = (name: FaultName): boolean => serviceFaultNames.has(name);

/** Every fault by name, with a memory of its own. */
export const makeFaults = (): Readonly<Record<FaultName, Fault>> => ({
  'kill-service': services.killService,
  'pause-service': services.pauseService,
  'crash-points': services.crashPoints(),
  scale: services.scale,
  'rolling-restart': services.rollingRestart,
  'kill-broker': infrastructure.killBroker,
  'pause-broker': infrastructure.pauseBroker,
  'kill-registry': infrastructure.killRegistry,
  'pause-registry': infrastructure.pauseRegistry,
  'kill-postgres': infrastructure.killPostgres,
  'pause-postgres': infrastructure.pausePostgres,
  'full-disk': infrastructure.fullDisk,
  'end-txn': infrastructure.endTxn,
  'cut-network': infrastructure.cutNetwork,
  outside: infrastructure.outside,
});
