/** The report as lines of text. */
import { inChannel, queryCondition, type StringCase } from '@dcr-agent/schema/event-queries';
import { printable } from '../../../host/printable.ts';
import type { AskedCondition } from '../../../nearest-miss/asked-condition.ts';
import { clipped } from '../../../nearest-miss/clipped.ts';
import type { EventKind, EventKinds } from '../../../nearest-miss/event-kinds.ts';
import { countLines, number } from './count-lines.ts';
import type { ExplainedPart, ExplainedQuery } from './explain-output.ts';
import { askedLines, type Outcome, outcomeFor } from './resolved-query.ts';

export interface Report {
  readonly queries: readonly ExplainedQuery[];
  readonly kinds: EventKinds;
  /** Events read. */
  readonly total: number;
  readonly stringCase: StringCase;
}

const KINDS_SHOWN = 3;

export function reportLines(report: Report): string[] {
  return report.queries.flatMap((query, i) => [
    ...(i === 0 ? [] : ['']),
    ...queryLines(query, report),
  ]);
}

function queryLines({ query, selected, parts }: ExplainedQuery, report: Report): string[] {
  const id = printable(query.id);
  const [only] = parts;
  if (only !== undefined && only.part.name === '') {
    const text = partText(only);
    const isNamed = query.id !== text && query.id !== only.part.query.text;
    return partLines(only, isNamed ? `${id}: ${text}` : text, report);
  }
  return [
    `Query ${id}: ${counted(report.total, 'event')} read, ${number(selected)} selected`,
    ...parts.flatMap((each) => [
      '',
      ...partLines(each, `Query ${id}, ${each.part.name}: ${partText(each)}`, report),
    ]),
  ];
}

function partText({ part: { channel, query } }: ExplainedPart): string {
  const text = printable(query.text.trim().replaceAll(/[\t\r\n]+/g, ' '));
  return channel === null ? text : `${printable(channel)}!${text}`;
}

function partLines(part: ExplainedPart, title: string, report: Report): string[] {
  if (report.total === 0) return [title, '  no event was read'];
  return [
    title,
    `  ${summary(part, report.total)}`,
    '',
    ...countLines(part.asked).map((line) => `  ${line}`),
    ...nearestLines(part),
    ...kindLines(part, report),
  ];
}

function summary({ asked, part }: ExplainedPart, total: number): string {
  const channel = asked.members.find(({ isChannel }) => isChannel);
  const inIt = channel === undefined ? '' : `${number(channel.alone)} in the channel, `;
  const result = part.name.startsWith('Suppress') ? 'suppressed' : 'selected';
  return `${counted(total, 'event')} read, ${inIt}${number(asked.alone)} ${result}`;
}

function nearestLines({ asked, nearest }: ExplainedPart): string[] {
  const { miss } = nearest;
  if (asked.alone > 0 || miss === null) return [];
  return ['', `  nearest: ${miss.event}`, ...miss.failed.map((line) => `    ${line}`)];
}

/** How the kinds that the query can match are asked; if there are none, the kind that is nearest. */
function kindLines({ part, asked, nearest }: ExplainedPart, report: Report): string[] {
  const { kinds, stringCase } = report;
  const ofQuery = queryCondition(part.query, { stringCase });
  const condition = part.channel === null ? ofQuery : inChannel(part.channel, ofQuery);
  const by = Map.groupBy(kinds.kinds, (kind) => outcomeFor(condition, kind));
  const of = (outcome: Outcome): readonly EventKind[] => by.get(outcome) ?? [];
  const alike = kindsAlike(of('asked'), asked);
  const nearestKind = of('ruled out').filter(({ name }) => name === nearest.miss?.kind);
  const lines = [
    ...sumLine(of('ruled out'), 'ruled out by EventID, channel and template alone'),
    ...(alike.length > 0 ? [] : kindsAlike(nearestKind, asked).slice(0, 1).flatMap(alikeLines)),
    ...sumLine(of('selected'), 'selected by EventID, channel and template alone'),
    ...alike.slice(0, KINDS_SHOWN).flatMap(alikeLines),
    ...sumLine(alike.slice(KINDS_SHOWN), 'asked likewise, of the values they have'),
    ...sumLine(of('asked of the tree'), 'written without a template, asked of the element tree'),
    ...sumLine(of('asked of XML'), 'event XML, looked up in its text'),
    ...(kinds.beyond > 0 ? [`${counted(kinds.beyond, 'event')} of further kinds`] : []),
  ];
  return lines.length === 0 ? [] : ['', '  how they were asked', ...lines.map((l) => `    ${l}`)];
}

/** Kinds of one name that are asked of the same slots, whatever else their templates hold. */
interface Alike {
  readonly name: string;
  readonly count: number;
  readonly lines: readonly string[];
}

/** Most frequent first. */
function kindsAlike(kinds: readonly EventKind[], asked: AskedCondition): Alike[] {
  const alike = new Map<string, Alike>();
  for (const { name, count, stored } of kinds) {
    const lines = stored === null ? [] : askedLines(asked, stored);
    const key = [name, ...lines].join('\n');
    alike.set(key, { name, lines, count: count + (alike.get(key)?.count ?? 0) });
  }
  return [...alike.values()].sort((a, b) => b.count - a.count);
}

function alikeLines({ name, count, lines }: Alike): string[] {
  const title = `${counted(count, 'event')} of ${clipped(name)}, in this order:`;
  return [title, ...lines.map((line) => `  ${line}`)];
}

function sumLine(kinds: readonly Pick<EventKind, 'name' | 'count'>[], what: string): string[] {
  if (kinds.length === 0) return [];
  const events = kinds.reduce((sum, { count }) => sum + count, 0);
  const names = new Set(kinds.map(({ name }) => name));
  return [`${counted(events, 'event')} of ${counted(names.size, 'kind')}: ${what}`];
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
