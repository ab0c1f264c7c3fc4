/** What data sources, stream declarations and data flows say of each other's streams. */
import { didYouMean, nearest } from '../did-you-mean.ts';
import type { RuleParts, SourcePart } from '../read-parts.ts';
import { stringsOf, type Text } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { indexStreams, isCustom, type StreamIndex } from '../stream-index.ts';
import { isExpression } from '../template-expression.ts';
import { nameOf } from '../text/show.ts';

/** Kinds whose streams come from elsewhere than data sources. */
const KINDS_WITHOUT_SOURCES: readonly string[] = ['direct', 'workspacetransforms'];

export function checkStreams(parts: RuleParts, document: RuleDocument): void {
  const index = indexStreams(parts);
  /** Streams that are taken, or that a misspelled one was probably meant to be. */
  const taken = new Set<string>();
  checkDeclared(parts, index, document, taken);
  for (const stream of parts.flows.flatMap((f) => f.streams)) {
    taken.add(stream.text.toLowerCase());
    checkProduced(stream, parts, index, document, taken);
    checkLetterCase(stream, index, document);
  }
  if (!parts.flowsKnown) return;
  reportUntaken(parts, document, taken);
}

const OPEN_TELEMETRY = /^otel|OTel$/;

/** Every custom stream is declared; one that is not is reported where it first stands. */
function checkDeclared(
  parts: RuleParts,
  index: StreamIndex,
  document: RuleDocument,
  taken: Set<string>,
): void {
  if (!parts.declarationsKnown) return;
  // What OpenTelemetry sends has columns of its own; the service was seen to take such rules.
  const reported = new Set(
    parts.sources
      .filter((s) => OPEN_TELEMETRY.test(s.array))
      .flatMap((s) => s.streams.map((t) => t.text.toLowerCase())),
  );
  for (const { text, pointer } of [...parts.sources, ...parts.flows].flatMap((p) => p.streams)) {
    if (!isCustom(text) || index.isDeclared(text) || isExpression(text)) continue;
    if (reported.has(text.toLowerCase())) continue;
    reported.add(text.toLowerCase());
    const meant = nearest(text, index.declared);
    if (meant !== undefined) taken.add(meant.toLowerCase());
    const hint = meant === undefined ? 'declare its columns there' : `did you mean '${meant}'?`;
    const message = `the custom stream ${nameOf(text)} is not in streamDeclarations`;
    document.report('DCR_STREAM_UNDECLARED', pointer, message, hint);
  }
}

function checkProduced(
  { text, pointer }: Text,
  parts: RuleParts,
  index: StreamIndex,
  document: RuleDocument,
  taken: Set<string>,
): void {
  const comesFromElsewhere =
    parts.sources.length === 0 || KINDS_WITHOUT_SOURCES.includes(parts.kind?.toLowerCase() ?? '');
  if (index.isProduced(text) || isCustom(text) || comesFromElsewhere) return;
  if (!parts.sourcesKnown || isExpression(text)) return;
  const meant = nearest(text, index.produced);
  if (meant !== undefined) taken.add(meant.toLowerCase());
  if (meant !== undefined && isToldAtSource(meant, parts, document)) return;
  const message = `no data source produces the stream ${nameOf(text)}`;
  const hint = didYouMean(text, index.produced);
  document.report('DCR_STREAM_WITHOUT_SOURCE', pointer, message, hint);
}

/** Was it said of a data source that its stream has not this name, the mistake is there. */
function isToldAtSource(stream: string, parts: RuleParts, document: RuleDocument): boolean {
  const key = stream.toLowerCase();
  const streams = parts.sources.flatMap((s) => s.streams);
  return streams.some((s) => s.text.toLowerCase() === key && document.isReported(s.pointer));
}

function checkLetterCase(
  { text, pointer }: Text,
  index: StreamIndex,
  document: RuleDocument,
): void {
  const spelling = index.spelling(text);
  if (spelling === text || isExpression(text)) return;
  const message = `the stream ${nameOf(spelling)} is referred to as ${nameOf(text)}`;
  document.report('DCR_NAME_CASE', pointer, message);
}

function reportUntaken(parts: RuleParts, document: RuleDocument, taken: ReadonlySet<string>): void {
  const inputs = new Set(
    parts.sources.flatMap((s) => stringsOf(s.members.inputDataSources)).map((n) => n.toLowerCase()),
  );
  const mayBeTaken = parts.flows.some((f) => f.streams.some((s) => isExpression(s.text)));
  if (mayBeTaken) return;
  const reported = new Set<string>();
  for (const source of parts.sources) {
    if (source.name !== undefined && inputs.has(source.name.text.toLowerCase())) continue;
    reportIdle(source, document, taken);
    for (const { text } of source.streams) reported.add(text.toLowerCase());
  }
  for (const { stream, pointer } of parts.declarations) {
    const key = stream.toLowerCase();
    if (taken.has(key) || reported.has(key) || isExpression(stream)) continue;
    const message = `no data flow takes the declared stream ${nameOf(stream)}`;
    document.reportName('DCR_STREAM_UNUSED', pointer, message);
  }
}

function reportIdle(source: SourcePart, document: RuleDocument, taken: ReadonlySet<string>): void {
  for (const { text, pointer } of source.streams) {
    if (taken.has(text.toLowerCase()) || isExpression(text)) continue;
    if (document.isReported(pointer)) continue;
    const message = `no data flow takes the stream ${nameOf(text)} of this data source`;
    document.report('DCR_DATA_SOURCE_IDLE', pointer, message);
  }
}
