/**
 * Addresses for a rule that is only looked at: every destination has one, so that what is said of
 * a channel depends on the rule alone.
 */
import type { Resolution } from '../configuration/resolution.ts';

export const PROBE_RESOLUTION: Resolution = {
  configurationId: 'dcr-explained',
  eTag: '',
  workspace: () => ({ workspaceId: 'workspace', endpoint: 'https://workspace' }),
  ingestionEndpoint: 'https://ingestion',
  metricsEndpoint: 'https://metrics',
};
