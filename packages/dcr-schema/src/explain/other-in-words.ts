/** Data sources that are carried through unread, by what their kinds are for. */
import { stringOf, stringsOf } from '../rule/read-values.ts';
import type { OtherDataSource } from '../rule/rule.ts';
import { listed } from '../rule/text/show.ts';
import { oneLine } from './listed.ts';

/**
 * Source: Microsoft.Insights data collection rules API 2024-03-11 and 2025-05-11-preview, and its
 * documentation.
 */
export function otherInWords({ array, members, streams }: OtherDataSource): string[] {
  const text = (name: string): string => oneLine(stringOf(members[name]) ?? 'unknown');
  switch (array) {
    case 'extensions': {
      const inputs = stringsOf(members.inputDataSources).map(oneLine);
      const read = inputs.length === 0 ? '' : `, which reads ${listed(inputs, 'and')}`;
      return [`what the extension ${text('extensionName')} collects${read}`];
    }
    case 'prometheusForwarder':
      return ['Prometheus metrics'];
    case 'performanceCountersOTel':
      return stringsOf(members.counterSpecifiers).map((name) => `${oneLine(name)} (OpenTelemetry)`);
    case 'etwProviders': {
      const ids = stringsOf(members.eventIds).map(oneLine);
      const which = ids.length === 0 ? '' : ` with the id ${listed(ids, 'or')}`;
      const level = members.logLevel === undefined ? '' : `, level ${text('logLevel')}`;
      return [`events of the ETW provider ${text('provider')}${which}${level}`];
    }
    case 'platformTelemetry':
      return streams.map((stream) => `platform telemetry of Azure resources: ${oneLine(stream)}`);
    case 'dataImports':
      return [`an event hub, consumer group ${text('consumerGroup')}`];
    default:
      return array.toLowerCase().startsWith('otel')
        ? [`OpenTelemetry ${array.slice('otel'.length).toLowerCase()}`]
        : [`what the kind ${oneLine(array)} is for`];
  }
}
