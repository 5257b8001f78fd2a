export { resolveArtifacts } from './artifacts.mjs';
export { endLeftovers, recordedProcesses, startCluster } from './cluster.mjs';
export { Failure, describeFailure, exitCodes } from './failure.mjs';
export { defaultDataDir, repositoryRoot } from './paths.mjs';
export {
  blockSize,
  claimPorts,
  defaultPortBase,
  isPortFree,
  portOffsets,
  portOwner,
  portsOf,
} from './ports.mjs';
export { createDatabase } from './postgres.mjs';
export { probeHttp, probeKafka, probePostgres, untilReady } from './probe.mjs';
export { endProcess, isAlive, processRef, signalProcess } from './process-ref.mjs';
export { spawnLogged } from './spawn-logged.mjs';
