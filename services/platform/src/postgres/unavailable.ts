import { Fault } from '@faultline/stream';

/** SQLSTATE classes that say that the server or the way to it is away, not that the statement is wrong. */
const UNAVAILABLE = /^(08|53|57P|58|40|25006|25P02|55P03)/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** Whether an error of pg means that Postgres is away for now. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return UNAVAILABLE.test(code) || SYSTEM_CODES.has(code);
  return /Connection terminated|timeout expired|timeout exceeded|Client has encountered a connection error|not queryable/i.test(
    error.message,
  );
}

/** Runs something on Postgres; turns its being away into a retryable {@link Fault}. */
export async function onPostgres<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new Fault(
      'DEPENDENCY_DOWN',
      `Postgres: ${error instanceof Error ? error.message : String(error)}`,
      {
        remedy: 'bring Postgres back, or correct DATABASE_URL; the work goes on by itself',
        retryable: true,
        cause: error,
      },
    );
  }
}
