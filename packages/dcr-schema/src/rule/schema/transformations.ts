/** `transformations`: chains of processors, which data sources and data flows name. */
import { ANY, listOf, members, nonEmptyText, oneOf, type Schema } from './schema.ts';

const HEADER_PROCESSORS: readonly string[] = [
  'header.Syslog',
  'header.WindowsEvents',
  'header.WindowsPerformanceCounters',
  'header.LinuxPerformanceCounters',
  'header.TextLog',
  'header.IISLog',
  'header.WindowsFirewallLog',
  'header.StandardStream',
  'header.CustomStream',
];

const PROCESSORS: readonly string[] = [
  'filter.Basic',
  'map.Rename',
  'map.Drop',
  'parse.JsonPath',
  'parse.XmlPath',
  'parse.CEFAttribute',
  'aggregate.Basic',
  'enrich.DNSLookup',
  'transform.KQL',
];

function processor(meaning: string, names: readonly string[]): Schema {
  const schema = { processor: oneOf('the name of a processor', names), configuration: ANY };
  return members(meaning, schema, ['processor']);
}

export const TRANSFORMATIONS: Schema = listOf(
  'a list of transformations',
  members(
    'a transformation',
    {
      name: nonEmptyText('a name, unique among the transformations'),
      headerProcessor: processor('a header processor', HEADER_PROCESSORS),
      processors: listOf('a list of processors', processor('a processor', PROCESSORS)),
    },
    ['name', 'headerProcessor'],
  ),
);
