/** The handlers as a library: for tests, demonstrations and programs that embed them. */

export type { RowPage, TableReport } from './admin/row-query.ts';
export {
  type AdminClient,
  AdminError,
  createAdminClient,
  type RowsRequest,
} from './admin-client.ts';
export { HandlerError, START_ERROR_CODES, type StartErrorCode } from './errors.ts';
export type { ActiveFault, Fault } from './faults.ts';
export { ERROR_CODES, type ErrorCode } from './http/error-codes.ts';
export type { HandlersOptions } from './options.ts';
export { type RunningHandlers, startHandlers } from './server.ts';
