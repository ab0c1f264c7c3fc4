/** The status of an agent in which all is well. */
import type { AgentStatus } from '@dcr-agent/agent';
import type { LedgerRow } from '../../packages/agent/src/buffer/durable-buffer.ts';

export const QUIET_STATUS: AgentStatus = {
  version: '0',
  processId: 1,
  startedAtMs: 0,
  stateDir: '/state',
  machine: { resourceId: '', region: '' },
  rules: { refused: [] },
  skipped: [],
  refusedQueries: [],
  sources: [{ key: 'syslog', state: 'reading', facts: {} }],
  lanes: [
    {
      destination: 'dcr-1/ods-1',
      address: 'w.example',
      state: 'idle',
      inFlight: 0,
      lastSuccessAtMs: 0,
      lastFailure: null,
      trouble: null,
      troubledFlows: [],
    },
  ],
  ledger: [],
  isBalanced: true,
  buffer: {
    diskBytes: 1_000_000,
    quotaBytes: 100_000_000,
    quotaFrom: 'default',
    losses: [],
    setAside: [],
    destinations: [],
  },
};

export function ledgerRow(values: Partial<LedgerRow>): LedgerRow {
  return {
    ...{ flow: 'dcr-1/syslog/S', destination: 'dcr-1/ods-1', read: 0, filtered: 0, rejected: 0 },
    ...{ dropped: 0, delivered: 0, quarantined: 0, buffered: 0, reasons: [] },
    ...values,
  };
}
