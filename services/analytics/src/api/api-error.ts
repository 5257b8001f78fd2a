import type { FaultCode } from '@faultline/stream';

/** Every code that the API answers with. */
export const apiErrorCodes = [
  'INPUT_INVALID',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'TOO_LARGE',
  'UNREACHABLE',
  'INTERNAL',
] as const;
/** Code of an answer that is an error. */
export type ApiErrorCode = (typeof apiErrorCodes)[number];

const statusOf: Readonly<Record<ApiErrorCode, number>> = {
  INPUT_INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  TOO_LARGE: 413,
  UNREACHABLE: 503,
  INTERNAL: 500,
};

/** An answer that is an error: {error: {code, message, field, remedy}}. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly field: string | null;
  readonly remedy: string;

  constructor(code: ApiErrorCode, message: string, remedy: string, field: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.field = field;
    this.remedy = remedy;
  }

  get statusCode(): number {
    return statusOf[this.code];
  }

  /** The body of the answer. */
  get body(): object {
    return { error: { code: this.code, message: this.message, field: this.field, remedy: this.remedy } };
  }
}

/** Codes of faults of the product that are an answer's. */
export const ofFault: Readonly<Partial<Record<FaultCode, ApiErrorCode>>> = {
  INPUT_INVALID: 'INPUT_INVALID',
  NOT_FOUND: 'NOT_FOUND',
  DEPENDENCY_DOWN: 'UNREACHABLE',
  UNREACHABLE: 'UNREACHABLE',
};
