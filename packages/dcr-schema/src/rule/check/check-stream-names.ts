/** Stream names by themselves, and whether a kind of data source can produce them. */
import { findStream, KNOWN_STREAMS } from '../../stream/known-streams.ts';
import { didYouMean, nearest } from '../did-you-mean.ts';
import type { RuleParts, SourcePart } from '../read-parts.ts';
import type { Text } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { ownerOfStream, sourceKind } from '../source-kinds.ts';
import { isCustom } from '../stream-index.ts';
import { isExpression } from '../template-expression.ts';
import { nameOf } from '../text/show.ts';

const MICROSOFT = 'Microsoft-';

export function checkStreamNames(parts: RuleParts, document: RuleDocument): void {
  for (const { stream, pointer } of parts.declarations) {
    if (isExpression(stream) || hasName(stream, 'Custom-')) continue;
    const message = `${nameOf(stream)} is not the name of a custom stream`;
    document.reportName('DCR_STREAM_NAME_INVALID', pointer, message, prefixHint(stream));
  }
  for (const source of parts.sources) {
    for (const stream of source.streams) checkSourceStream(stream, source, document);
  }
  for (const { outputStream } of parts.flows) {
    if (outputStream !== undefined) checkOutputStream(outputStream, document);
  }
}

function checkSourceStream(stream: Text, source: SourcePart, document: RuleDocument): void {
  const { text, pointer } = stream;
  // `<resource type>:<category>`, a language of its own.
  if (source.array === 'platformTelemetry' || isExpression(text)) return;
  if (!hasName(text, 'Custom-') && !hasName(text, 'Microsoft-')) {
    const message = `${nameOf(text)} is not the name of a stream`;
    document.report('DCR_STREAM_NAME_INVALID', pointer, message, prefixHint(text));
    return;
  }
  const { streams } = sourceKind(source.array);
  const published = streams?.map((s) => s.toLowerCase());
  if (isCustom(text) || published === undefined || published.includes(text.toLowerCase())) return;
  const allowed = ['a custom stream', ...(streams ?? [])].join(', ');
  const owner = ownerOfStream(text);
  if (owner !== undefined || published.length === 0) {
    const ofOther = owner === undefined ? '' : `, it is one of '${owner}'`;
    const message = `'${source.array}' cannot produce the stream ${nameOf(text)}${ofOther}`;
    document.report('DCR_STREAM_WRONG_KIND', pointer, message, `possible are ${allowed}`);
  } else {
    const message = `the stream ${nameOf(text)} is not known for '${source.array}'`;
    const hint = didYouMean(text, streams ?? []) ?? `known are ${allowed}`;
    document.report('DCR_STREAM_UNKNOWN', pointer, message, hint);
  }
}

function checkOutputStream({ text, pointer }: Text, document: RuleDocument): void {
  if (isExpression(text)) return;
  if (!hasName(text, 'Custom-') && !hasName(text, 'Microsoft-')) {
    const message = `${nameOf(text)} is not the name of a stream`;
    document.report('DCR_STREAM_NAME_INVALID', pointer, message, prefixHint(text));
  } else if (isCustom(text) && !/_CL$/i.test(text)) {
    const message = `the table of the output stream ${nameOf(text)} does not end in _CL`;
    document.report('DCR_OUTPUT_TABLE_NAME', pointer, message, 'custom tables do');
  } else if (!isCustom(text)) {
    checkOutputName({ text, pointer }, document);
  }
}

/** Azure has more tables than are known here, but none that is nearly another. */
function checkOutputName({ text, pointer }: Text, document: RuleDocument): void {
  const known = KNOWN_STREAMS.map((k) => k.stream.slice(MICROSOFT.length));
  const meant = nearest(text.slice(MICROSOFT.length), known);
  if (meant === undefined || findStream(text) !== undefined) return;
  const message = `there is no output stream ${nameOf(text)}`;
  document.report('DCR_STREAM_UNKNOWN', pointer, message, `did you mean '${MICROSOFT}${meant}'?`);
}

function hasName(text: string, prefix: string): boolean {
  return text.length > prefix.length && text.toLowerCase().startsWith(prefix.toLowerCase());
}

function prefixHint(text: string): string {
  const isWord = /^[A-Za-z]\w*$/.test(text);
  return isWord ? `did you mean 'Custom-${text}'?` : "stream names start with 'Custom-'";
}
