/** The channels of one rule: one per workspace reached directly, one for its ingestion endpoint. */
import type { Diagnostic } from '../diagnostic.ts';
import type { DataFlow, Rule } from '../rule/rule.ts';
import { findStream } from '../stream/known-streams.ts';
import type { WireChannel } from './agent-configuration.ts';
import { channelProtocol } from './channel-choice.ts';
import { CONFIGURATION_CODES, type ConfigurationCode } from './codes.ts';
import type { Resolution } from './resolution.ts';

/** Version of the Logs Ingestion API in channel templates, as the reference agent receives it. */
const GIG_API_VERSION = '2021-11-01-preview';

/** Inferred: the agent looks at the protocol, and what the service calls this channel is not published. */
const METRICS_CHANNEL = 'me';
/** Source: Azure Monitor, metrics of VMs: the one stream for `azureMonitorMetrics`. */
const METRICS_BLOB_TYPE = 'INSIGHTS_METRICS_BLOB';

/** Channels are made when a flow first needs them. */
export class RuleChannels {
  readonly diagnostics: Diagnostic[] = [];
  readonly #rule: Rule;
  readonly #resolution: Resolution;
  readonly #channels = new Map<string, WireChannel>();
  readonly #reported = new Set<string>();

  constructor(rule: Rule, resolution: Resolution) {
    this.#rule = rule;
    this.#resolution = resolution;
  }

  list(): readonly WireChannel[] {
    return [...this.#channels.values()];
  }

  /** Ids of the channels that carry a stream, over every flow that names it. */
  ofStream(stream: string, flows: readonly DataFlow[]): string[] {
    const ids = new Set<string>();
    for (const flow of flows) {
      if (!flow.streams.some((s) => s.toLowerCase() === stream.toLowerCase())) continue;
      for (const id of this.#ofFlow(stream, flow)) ids.add(id);
    }
    return [...ids].sort();
  }

  #ofFlow(stream: string, flow: DataFlow): string[] {
    const protocol = channelProtocol(stream, flow);
    const ids: string[] = [];
    for (const name of flow.destinations) {
      const destination = this.#rule.destinations.find((d) => d.name === name);
      if (destination?.family === 'azureMonitorMetrics') {
        ids.push(...this.#metrics(name, stream));
        continue;
      }
      if (destination?.family !== 'logAnalytics') {
        const family = destination?.family === 'other' ? destination.member : 'unknown';
        this.#report(
          'DCR_DESTINATION_UNSUPPORTED',
          name,
          `destination '${name}' (${family}) is not supported yet`,
        );
        continue;
      }
      const workspace = this.#resolution.workspace(destination.workspaceResourceId);
      if (workspace === undefined) {
        this.#report(
          'DCR_WORKSPACE_UNKNOWN',
          name,
          `workspace '${destination.workspaceResourceId}' of destination '${name}' is not known`,
        );
        continue;
      }
      const id =
        protocol === 'ods' && workspace.endpoint !== undefined
          ? this.#ods(workspace.workspaceId, workspace.endpoint)
          : this.#gig(name);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  #ods(workspaceId: string, endpoint: string): string {
    const id = `ods-${workspaceId}`;
    this.#channels.set(id, { id, protocol: 'ods', endpoint, ...this.#token(id) });
    return id;
  }

  #gig(destination: string): string | undefined {
    const { ingestionEndpoint, ingestionEndpointId, configurationId } = this.#resolution;
    if (ingestionEndpoint === undefined) {
      this.#report(
        'DCR_INGESTION_ENDPOINT_MISSING',
        destination,
        `destination '${destination}' needs a Logs Ingestion endpoint and the rule has none`,
      );
      return undefined;
    }
    const id = `gigl-dce-${ingestionEndpointId ?? configurationId.replace(/^dcr-/, '')}`;
    const base = ingestionEndpoint.replace(/\/+$/, '');
    this.#channels.set(id, {
      id,
      protocol: 'gig',
      endpointUriTemplate: `${base}/dataCollectionRules/${configurationId}/streams/<STREAM>?api-version=${GIG_API_VERSION}`,
      ...this.#token(id),
    });
    return id;
  }

  /** Metrics are sent with the machine's own token, whatever rule asks for them. */
  #metrics(destination: string, stream: string): string[] {
    const { metricsEndpoint } = this.#resolution;
    if (findStream(stream)?.blobType !== METRICS_BLOB_TYPE) {
      const message = `stream '${stream}' is sent to destination '${destination}', which takes metrics only`;
      this.#report('DCR_STREAM_NOT_METRICS', `${destination} ${stream}`, message);
      return [];
    }
    if (metricsEndpoint === undefined) {
      const message = `where destination '${destination}' takes metrics is not known`;
      this.#report('DCR_METRICS_ENDPOINT_MISSING', destination, message);
      return [];
    }
    const endpoint = metricsEndpoint.replace(/\/+$/, '');
    this.#channels.set(METRICS_CHANNEL, { id: METRICS_CHANNEL, protocol: 'me', endpoint });
    return [METRICS_CHANNEL];
  }

  #token(channelId: string): { tokenEndpointUri?: string } {
    const uri = this.#resolution.tokenEndpointUri?.(channelId);
    return uri === undefined ? {} : { tokenEndpointUri: uri };
  }

  #report(code: ConfigurationCode, destination: string, message: string): void {
    if (this.#reported.has(code + destination)) return;
    this.#reported.add(code + destination);
    const { hint } = CONFIGURATION_CODES[code];
    this.diagnostics.push({ code, severity: 'error', pointer: '/destinations', message, hint });
  }
}
