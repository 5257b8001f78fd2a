import { Fault, type FaultCode } from '@faultline/stream';

/** What an exit code means, for every command. */
export const exitCodes = { done: 0, doesNotHold: 1, wrongInput: 2, unreachable: 3, notFound: 4 } as const;

const codeOf: Partial<Record<FaultCode, number>> = {
  CONFIG_INVALID: exitCodes.wrongInput,
  INPUT_INVALID: exitCodes.wrongInput,
  DEPENDENCY_DOWN: exitCodes.unreachable,
  TOPIC_MISCONFIGURED: exitCodes.unreachable,
  UNREACHABLE: exitCodes.unreachable,
  NOT_FOUND: exitCodes.notFound,
};

/** Exit code of a failure: wrong input 2, something unreachable 3, not found 4, anything else 1. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof Fault ? (codeOf[error.code] ?? exitCodes.doesNotHold) : exitCodes.doesNotHold;

/** Wrong usage or input, with what to do instead. */
export const wrongInput = (message: string, remedy: string): Fault =>
  new Fault('INPUT_INVALID', message, { remedy });
