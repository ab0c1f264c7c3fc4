/** `dcr-agent explain` for people: each data source with what it reads and where that goes. */
import type {
  DataSourceExplanation,
  DestinationExplanation,
  Explanation,
  StreamExplanation,
} from '@dcr-agent/schema/documents';
import { printable } from '../../host/printable.ts';
import { columns } from '../columns.ts';
import { shortTarget } from './short-target.ts';
import { LINE_CHARACTERS, wrapped } from './wrapped.ts';

/** The lines of one rule, at most 100 characters wide where words allow it. */
export function explanationLines(explanation: Explanation): string[] {
  const { name, kind, description, isFor, dataSources, received, settings, notes } = explanation;
  return [
    ...wrapped('', printable(`${name ?? 'a rule without a name'}${kind ? ` (${kind})` : ''}`)),
    ...said('', isFor),
    ...(description === undefined ? [] : said('', description)),
    ...dataSources.flatMap((source) => ['', ...sourceLines(source)]),
    ...(received.length === 0 ? [] : ['', ...receivedLines(received)]),
    ...(settings.length === 0
      ? []
      : ['', ...columns(settings.map((s) => [s.name, s.value, s.means]))]),
    ...unfilledLines(explanation),
    ...footLines(dataSources, notes),
  ];
}

function sourceLines(source: DataSourceExplanation): string[] {
  const { name, kind, reads, everySeconds, notCollected, streams, goesNowhere, notes } = source;
  const when = everySeconds === undefined ? 'as it comes' : `every ${everySeconds} s`;
  return [
    ...wrapped('', printable(`${name || 'a data source without a name'} (${kind})`)),
    ...(reads.length === 0 ? said('  reads    ', 'nothing') : []),
    ...reads.flatMap((text, i) => said(i === 0 ? '  reads    ' : '           ', text)),
    ...(notCollected === undefined
      ? said('  when     ', when)
      : said('  NOT DONE ', `this agent does not collect it: ${notCollected}`)),
    ...notes.flatMap((note) => said('  note     ', note)),
    ...streamLines(streams),
    ...goesNowhere.flatMap((stream) => said('  NOWHERE  ', `${stream}: no data flow takes it`)),
  ];
}

function receivedLines(streams: readonly StreamExplanation[]): string[] {
  return ['what is sent to the rule from outside', ...streamLines(streams)];
}

/** Where streams go, and which columns they have. */
function streamLines(streams: readonly StreamExplanation[]): string[] {
  return [
    ...routeLines(streams),
    ...streams.flatMap((stream) => [
      ...columnLines(stream),
      ...stream.flows.flatMap(({ flow, transformKql, builtInTransform }) => [
        ...(transformKql === undefined
          ? []
          : said(
              '  changed  ',
              `${stream.stream} by flow ${flow}, to the columns of: ${transformKql}`,
            )),
        ...(builtInTransform === undefined
          ? []
          : said(
              '  changed  ',
              `${stream.stream} by flow ${flow}, by the service's ${builtInTransform}`,
            )),
      ]),
    ]),
  ];
}

function routeLines(streams: readonly StreamExplanation[]): string[] {
  const routes = streams.flatMap(({ stream, flows }) =>
    flows.flatMap(({ table, destinations }) =>
      destinations.map((destination) => [
        stream,
        destination.via === 'custom metrics' ? '-' : table,
        `${destination.name}: ${shortTarget(destination.target)}`,
        viaText(destination),
      ]),
    ),
  );
  if (routes.length === 0) return [];
  const table = columns([['STREAM', 'TABLE', 'DESTINATION', 'VIA'], ...routes]);
  const isNarrow = table.every((line) => line.length + 2 <= LINE_CHARACTERS);
  if (isNarrow) return table.map((line) => `  ${line}`);
  return routes.flatMap(([stream, target, destination, via]) =>
    said('  goes     ', `${stream} → ${target} → ${destination} (${via})`),
  );
}

function viaText({ via, endpoint, problem }: DestinationExplanation): string {
  if (via === undefined) return problem === undefined ? 'not by this agent' : `NOT: ${problem}`;
  return endpoint === undefined ? via : `${via} at ${shortTarget(endpoint)}`;
}

/** Of large tables, the first columns. */
const COLUMNS_SHOWN = 20;

function columnLines({ stream, columns: known }: StreamExplanation): string[] {
  if (known === undefined) return [];
  const shown = known.slice(0, COLUMNS_SHOWN).map(({ name, type }) => `${name}:${type}`);
  const more = known.length - shown.length;
  const rest = more === 0 ? '' : ` and ${more} more`;
  return said('  columns  ', `${stream}: ${shown.join(', ')}${rest}`);
}

function unfilledLines({ neverCollected }: Explanation): string[] {
  if (neverCollected.length === 0) return [];
  return [
    '',
    ...neverCollected.flatMap(({ flow, stream, destinations }) =>
      said(
        'NEVER    ',
        `flow ${flow} sends ${stream} to ${destinations.join(', ')}, and no data source collects it`,
      ),
    ),
  ];
}

function footLines(
  sources: readonly DataSourceExplanation[],
  notes: readonly string[],
): readonly string[] {
  const isSent = sources.some(({ streams }) =>
    streams.some(({ flows }) =>
      flows.some(({ destinations }) => destinations.some(({ via }) => via !== undefined)),
    ),
  );
  const all = isSent ? [...notes, DELIVERY] : notes;
  return all.length === 0 ? [] : ['', ...all.flatMap((note) => said('', note))];
}

/** As in ARCHITECTURE.md, "How a record travels". */
const DELIVERY = 'batches are sent when they are 2 s old, or sooner when they have nearly 1 MB';

/** A text of a rule; its own line breaks stay, all else is on the line it stands on. */
function said(head: string, text: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const [, indent = '', rest = ''] = /^( *)(.*)$/s.exec(line) ?? [];
    const own = i === 0 ? head : ' '.repeat(head.length);
    return wrapped(`${own}${indent}`, printable(rest));
  });
}
