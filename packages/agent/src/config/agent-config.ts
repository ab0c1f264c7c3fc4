/** The agent's own configuration, complete: every option has its value or its default. */
import type { ProxyRoutes } from '../host/proxy/forward-proxy.ts';

export interface AgentConfig {
  readonly stateDir: string;
  /** Set: rules come from this folder and the control plane is not asked. */
  readonly rulesDir?: string;
  readonly control: {
    /** Absent: the global endpoint of the machine's cloud. */
    readonly endpoint?: string;
    readonly pollIntervalSeconds: number;
  };
  readonly machine: {
    readonly resourceId?: string;
    readonly region?: string;
  };
  /** At most one of the three ids. */
  readonly identity: {
    readonly clientId?: string;
    readonly objectId?: string;
    readonly resourceId?: string;
    readonly metadataEndpoint?: string;
  };
  /** Where the workspaces of local rules are. */
  readonly workspaces: readonly WorkspaceConfig[];
  /** Logs Ingestion endpoint of local rules. */
  readonly ingestionEndpoint?: string;
  readonly sources: {
    readonly windowsEventLogs: {
      /** Files that stand for a channel of the event log, by the channel's name. */
      readonly channels: { readonly [channel: string]: readonly string[] };
    };
    readonly syslog: {
      /** `host:port` */
      readonly tcp: readonly string[];
      /** `host:port`; not empty only with certificate and key. */
      readonly tls: readonly string[];
      readonly tlsCertFile?: string;
      readonly tlsKeyFile?: string;
      /** Absent: senders need no certificate. */
      readonly tlsClientCaFile?: string;
      /** `host:port` */
      readonly udp: readonly string[];
      /** Paths of sockets. */
      readonly unix: readonly string[];
      readonly frameBytesMax: number;
      readonly connectionsMax: number;
      readonly repeatsPerSecondMax: number;
      readonly joinSegments: boolean;
    };
    readonly logFiles: {
      readonly startAt: 'beginning' | 'end';
    };
    readonly windowsFirewallLogs: {
      /** Absolute; wildcards as in a rule's file patterns. Empty: the system's own. */
      readonly paths: readonly string[];
    };
  };
  readonly buffer: {
    /** Absent: see `quotaInForce`. */
    readonly quotaMegabytes?: number;
    readonly dropAfterSeconds: number;
    /** Absent: any age. */
    readonly ageHoursMax?: number;
    readonly commitIntervalSeconds: number;
  };
  readonly delivery: {
    readonly profile: 'standard' | 'legacy';
    readonly flushIntervalSeconds: number;
    readonly concurrency: number;
    readonly serviceLimits: 'azure' | 'always' | 'never';
  };
  readonly allowPlainHttp: boolean;
  /** Absent: nobody says anything of one. */
  readonly proxy?: ProxyRoutes;
  /** Hosts that are asked without the proxy. */
  readonly proxyBypass: readonly string[];
  /** As it may be shown; what it says is in `proxy`. */
  readonly settings: { readonly proxy?: object };
  /** As it may be shown; what it says is in `proxy`. */
  readonly protectedSettings: { readonly proxy?: object };
  readonly tls: { readonly caFile?: string };
  /** Absent: see `controlSocketPaths`. */
  readonly controlSocket?: string;
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly format: 'json' | 'text';
  };
  readonly heartbeat: { readonly intervalSeconds: number };
  readonly shutdown: { readonly timeoutSeconds: number };
}

interface WorkspaceConfig {
  readonly resourceId: string;
  /** The workspace's customer id, a GUID. */
  readonly workspaceId: string;
  /** Base URL of the workspace's own ingestion endpoint. */
  readonly endpoint?: string;
}
