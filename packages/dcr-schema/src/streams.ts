/**
 * Streams and tables alone. An entry of its own, so that a command that makes rows does not load
 * what reads rules.
 */
export * from './stream/known-streams.ts';
export type { TableSchema } from './stream/table.ts';
export { findTable, SERVICE_COLUMNS } from './stream/tables.ts';
