/**
 * A refusal, in the shape Azure Resource Manager and its data planes answer with:
 * `{"error":{"code","message","target"?,"details"?}}`, and the code again in a header.
 */
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export interface ArmErrorExtra {
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Only where the status is not the code's own: injected faults. */
  readonly status?: number;
}

/** Thrown by a route, sent by the app's error handler. The message says what, where, what to do. */
export class ArmError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly extra: ArmErrorExtra;

  constructor(code: ErrorCode, message: string, extra: ArmErrorExtra = {}) {
    super(message);
    this.name = 'ArmError';
    this.code = code;
    this.status = extra.status ?? ERROR_CODES[code].status;
    this.extra = extra;
  }

  body(): object {
    const { target, details } = this.extra;
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(target !== undefined && { target }),
        ...(details !== undefined && { details }),
      },
    };
  }

  headers(): Record<string, string> {
    return { 'x-ms-error-code': this.code, ...this.extra.headers };
  }
}

/** How every place that can be asked for something that is not there says so. */
export function notFound(message: string): ArmError {
  return new ArmError('ResourceNotFound', message);
}
