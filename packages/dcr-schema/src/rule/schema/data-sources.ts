/** `dataSources` and `directDataSources`, one schema per array. */
import {
  FACILITIES_SINCE,
  FACILITY_NAMES,
  FIREWALL_PROFILES,
  LOG_FILE_FORMATS,
  LOG_LEVELS,
  TIMESTAMP_FORMATS,
} from '../known-values.ts';
import {
  ANY,
  listOf,
  mapOf,
  members,
  nonEmptyText,
  oneOf,
  type Schema,
  since,
  someOf,
  text,
} from './schema.ts';

const STREAM = nonEmptyText('the name of a stream');
const STREAMS = listOf('a list of stream names', STREAM);
const SOME_STREAMS = someOf('a list of stream names', STREAM);

/** What every kind has. `scheduledTransferPeriod` is of 2019-11-01-preview and ignored since. */
const COMMON: { readonly [name: string]: Schema } = {
  name: nonEmptyText('a name, unique in the rule'),
  streams: STREAMS,
  ...since('2023-03-11', { transformKql: text('a KQL text') }),
  ...since('2025-05-11', { transform: text('the name of a transformation') }),
  scheduledTransferPeriod: ANY,
};

function dataSource(
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
): Schema {
  return members('a data source', { ...COMMON, ...properties }, ['name', ...required]);
}

function sourceList(item: Schema): Schema {
  return listOf('a list of data sources', item);
}

const COUNTERS = dataSource({
  samplingFrequencyInSeconds: {
    type: 'integer',
    meaning: 'a number of seconds',
    // The bounds of the Terraform provider; the service publishes none.
    minimum: 1,
    maximum: 1800,
  },
  counterSpecifiers: listOf('a list of counters', nonEmptyText('a counter')),
});

const WINDOWS_EVENT_LOGS = dataSource(
  {
    xPathQueries: someOf(
      'a list of event queries, each Channel!query',
      text('an event query, Channel!query'),
    ),
  },
  ['xPathQueries'],
);

const SYSLOG = dataSource({
  facilityNames: listOf(
    'a list of facilities',
    oneOf('a syslog facility', FACILITY_NAMES, FACILITIES_SINCE),
  ),
  logLevels: listOf('a list of log levels', oneOf('a syslog level', LOG_LEVELS)),
  ...since('2024-03-11', { transformKql: text('a KQL text') }),
});

const EXTENSION = dataSource(
  {
    extensionName: nonEmptyText('the name of an extension'),
    extensionSettings: ANY,
    inputDataSources: listOf('a list of data source names', text('the name of a data source')),
  },
  ['extensionName'],
);

const LOG_FILE = dataSource(
  {
    streams: SOME_STREAMS,
    filePatterns: someOf('a list of file patterns', nonEmptyText('a file pattern')),
    format: oneOf("'text' or 'json'", LOG_FILE_FORMATS, { json: '2023-03-11' }),
    settings: members('an object with the settings of a text log', {
      text: members(
        'the settings of a text log',
        { recordStartTimestampFormat: oneOf('a timestamp format', TIMESTAMP_FORMATS) },
        ['recordStartTimestampFormat'],
      ),
    }),
  },
  ['streams', 'filePatterns', 'format'],
);

const IIS_LOG = dataSource(
  {
    streams: SOME_STREAMS,
    logDirectories: listOf('a list of directories', nonEmptyText('a directory')),
  },
  ['streams'],
);

const WINDOWS_FIREWALL_LOG = dataSource(
  {
    streams: SOME_STREAMS,
    ...since('2023-03-11', {
      profileFilter: listOf(
        'a list of firewall profiles',
        oneOf('a firewall profile', FIREWALL_PROFILES),
      ),
    }),
  },
  ['streams'],
);

const PROMETHEUS_FORWARDER = dataSource({
  labelIncludeFilter: mapOf('an object of labels', text('the value of a label')),
  ...since('2024-03-11', { customVMScrapeConfig: ANY }),
});

const PLATFORM_TELEMETRY = dataSource({ streams: SOME_STREAMS }, ['streams']);

const OTEL = dataSource(
  {
    streams: SOME_STREAMS,
    resourceAttributeRouting: members('an attribute and its value', {
      attributeName: text('the name of a resource attribute'),
      attributeValue: text('the value of a resource attribute'),
    }),
    enrichWithResourceAttributes: listOf('a list of attributes', text('a resource attribute')),
    enrichWithReference: text('the name of a reference'),
    replaceResourceIdWithReference: { type: 'boolean', meaning: 'true or false' },
  },
  ['streams'],
);

const ETW_PROVIDER = dataSource(
  {
    streams: SOME_STREAMS,
    provider: nonEmptyText('the name or GUID of an ETW provider'),
    providerType: oneOf('a provider type', ['EventSource', 'Manifest']),
    logLevel: oneOf('a level', ['Critical', 'Error', 'Warning', 'Informational', 'Verbose']),
    eventIds: listOf('a list of event ids, each a text', text('an event id')),
    keyword: text('a keyword mask'),
  },
  ['streams', 'provider', 'providerType'],
);

const EVENT_HUB_IMPORT = members(
  'an event hub to import from',
  {
    name: nonEmptyText('a name, unique in the rule'),
    consumerGroup: text('the name of a consumer group'),
    stream: STREAM,
  },
  ['name', 'stream'],
);

export const DATA_SOURCES: Schema = members('an object of data sources', {
  performanceCounters: sourceList(COUNTERS),
  windowsEventLogs: sourceList(WINDOWS_EVENT_LOGS),
  syslog: sourceList(SYSLOG),
  extensions: sourceList(EXTENSION),
  ...since('2021-09-01-preview', {
    logFiles: sourceList(LOG_FILE),
    iisLogs: sourceList(IIS_LOG),
  }),
  ...since('2022-06-01', {
    windowsFirewallLogs: sourceList(WINDOWS_FIREWALL_LOG),
    prometheusForwarder: sourceList(PROMETHEUS_FORWARDER),
    platformTelemetry: sourceList(PLATFORM_TELEMETRY),
    dataImports: members('an object with an event hub', { eventHub: EVENT_HUB_IMPORT }),
  }),
  ...since('2024-03-11', {
    performanceCountersOTel: sourceList(COUNTERS),
    otelLogs: sourceList(OTEL),
    otelMetrics: sourceList(OTEL),
    otelTraces: sourceList(OTEL),
    etwProviders: sourceList(ETW_PROVIDER),
  }),
});

export const DIRECT_DATA_SOURCES: Schema = members('an object of direct data sources', {
  otelLogs: sourceList(OTEL),
  otelMetrics: sourceList(OTEL),
  otelTraces: sourceList(OTEL),
});
