/** The agent as a library: for programs that embed it, and for tests. */
export { type Agent, startAgent } from './agent.ts';
export { isBalanced, type LedgerRow, OUTCOMES } from './buffer/durable-buffer.ts';
export { askStatus } from './cli/ask-status.ts';
export type { AgentConfig } from './config/agent-config.ts';
export { resolveConfig } from './config/resolve-config.ts';
export * from './errors.ts';
export { scanEvtx } from './eventlog/evtx-scan.ts';
export type { AgentStatus } from './health/status.ts';
export type { Host } from './host/host.ts';
export { createSystemHost } from './host/system-host.ts';
export { VERSION } from './version.ts';
