/**
 * Every option of the agent, once. The schema of the configuration file, the variables, the
 * flags, the defaults and the table in README.md all come from here.
 */
import type { Option } from './option.ts';
import {
  bypass,
  endpoint,
  extensionProxy,
  guid,
  oneOf,
  path,
  protectedProxy,
  proxy,
  region,
  resourceId,
  seconds,
  wholeNumber,
  workspaces,
  yesOrNo,
} from './option-types.ts';
import { SOURCE_OPTIONS } from './source-options.ts';

export const OPTIONS: readonly Option[] = [
  {
    path: 'stateDir',
    type: path('folder'),
    default: '/var/lib/dcr-agent',
    help: 'folder for buffered data, cursors and the last good rules',
  },
  {
    path: 'rulesDir',
    flag: 'rules',
    type: path('folder'),
    otherwise: 'rules come from the control plane',
    help: 'folder of rule files to use instead of the control plane',
  },
  {
    path: 'control.endpoint',
    type: endpoint,
    otherwise: "the machine's cloud, https://global.handler.control.monitor.azure.com in public",
    help: 'base URL of the control plane',
  },
  {
    path: 'control.pollIntervalSeconds',
    type: seconds(1, 86_400),
    default: 300,
    help: 'how often the control plane is asked for rules',
  },
  {
    path: 'machine.resourceId',
    type: resourceId,
    otherwise: 'asked from the metadata service',
    help: 'ARM resource id of this machine',
  },
  {
    path: 'machine.region',
    type: region,
    otherwise: 'asked from the metadata service',
    help: 'region of this machine',
  },
  {
    path: 'identity.clientId',
    type: guid,
    help: 'user-assigned managed identity, by client id',
  },
  {
    path: 'identity.objectId',
    type: guid,
    help: 'user-assigned managed identity, by object id',
  },
  {
    path: 'identity.resourceId',
    type: resourceId,
    help: 'user-assigned managed identity, by ARM resource id',
  },
  {
    path: 'identity.metadataEndpoint',
    type: endpoint,
    alsoVariable: 'AZURE_POD_IDENTITY_AUTHORITY_HOST',
    otherwise: "Azure's, http://169.254.169.254, or Azure Arc's",
    help: 'base URL of the metadata service, which issues tokens and knows the machine',
  },
  {
    path: 'workspaces',
    type: workspaces,
    default: [],
    help: 'where the workspaces of local rules are: resourceId, workspaceId, endpoint',
  },
  {
    path: 'ingestionEndpoint',
    type: endpoint,
    help: 'Logs Ingestion endpoint (DCE) of local rules',
  },
  ...SOURCE_OPTIONS,
  {
    path: 'buffer.quotaMegabytes',
    type: wholeNumber(10, 1_000_000),
    otherwise: 'MaxDiskQuotaInMB of a rule of kind AgentSettings, 10000 without one',
    legacy: 10,
    help: 'disk space of stateDir as a whole, mostly data not yet delivered',
  },
  {
    path: 'buffer.dropAfterSeconds',
    type: seconds(1, 2_592_000),
    default: 60,
    help: 'how long a full buffer only holds sources back before it drops its oldest records',
  },
  {
    path: 'buffer.ageHoursMax',
    type: wholeNumber(1, 87_600),
    otherwise: 'records are kept until they are delivered or the quota is reached',
    help: 'age at which records not yet delivered are dropped',
  },
  {
    path: 'buffer.commitIntervalSeconds',
    type: seconds(0, 60),
    default: 0.5,
    help: 'what a kill may cost senders that send only once, syslog; 0 commits each read',
  },
  {
    path: 'delivery.profile',
    type: oneOf('standard', 'legacy'),
    default: 'standard',
    help: 'legacy: buffers, retries and gives up as the Log Analytics agent does',
  },
  {
    path: 'delivery.flushIntervalSeconds',
    type: seconds(0.1, 300),
    default: 2,
    legacy: 20,
    help: 'longest wait for a batch to fill before it is sent',
  },
  {
    path: 'delivery.concurrency',
    type: wholeNumber(1, 64),
    default: 4,
    help: 'requests under way at a time, per destination; each of its flows may have one in any case',
  },
  {
    path: 'delivery.serviceLimits',
    type: oneOf('azure', 'always', 'never'),
    default: 'azure',
    help: "where the published limits per minute are kept: Azure's own hosts, every one, none",
  },
  {
    path: 'allowPlainHttp',
    type: yesOrNo,
    default: false,
    help: 'let tokens and data travel over http to other machines, for laboratories',
  },
  {
    path: 'proxy',
    type: proxy,
    otherwise: 'settings.proxy, else HTTPS_PROXY, else none',
    help: 'proxy to reach other machines: http[s]://[user:password@]host:port, or none',
  },
  {
    path: 'proxyBypass',
    type: bypass,
    default: [],
    otherwise: 'NO_PROXY',
    help: 'hosts, .domains, addresses and networks that are asked without the proxy',
  },
  {
    path: 'settings.proxy',
    type: extensionProxy,
    help: "the proxy in the form of Azure's VM extensions: mode, address, auth",
  },
  {
    path: 'protectedSettings.proxy',
    type: protectedProxy,
    help: 'user and password for settings.proxy: username, password',
  },
  {
    path: 'tls.caFile',
    type: path('file'),
    help: 'certificates (PEM) of authorities to trust besides the usual ones',
  },
  {
    path: 'controlSocket',
    type: path('socket'),
    otherwise: '/run/dcr-agent/control.sock, or control.sock in stateDir',
    help: 'socket that `dcr-agent status` asks',
  },
  {
    path: 'log.level',
    type: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    help: "least important entry of the agent's own log",
  },
  {
    path: 'log.format',
    type: oneOf('json', 'text'),
    default: 'json',
    help: "form of the agent's own log",
  },
  {
    path: 'heartbeat.intervalSeconds',
    type: seconds(1, 3_600),
    default: 60,
    help: 'how often a sign of life is sent',
  },
  {
    path: 'shutdown.timeoutSeconds',
    type: seconds(0, 3_600),
    default: 20,
    help: 'longest time to deliver what is pending when stopping; the rest stays buffered',
  },
];

/** The configuration file itself is named by a flag or a variable only. */
export const CONFIG_FILE = {
  flag: 'config',
  variable: 'DCR_AGENT_CONFIG',
  default: '/etc/dcr-agent/agent.yaml',
} as const;
