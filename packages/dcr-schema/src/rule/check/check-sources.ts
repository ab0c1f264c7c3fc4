/** Data sources by themselves. */
import { didYouMean, nearest } from '../did-you-mean.ts';
import type { RuleParts, SourcePart } from '../read-parts.ts';
import { stringsOf, textsAt } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { count, nameOf } from '../text/show.ts';

/** Lists without which a data source collects nothing. */
const NEEDED_LISTS: { readonly [array: string]: readonly string[] } = {
  performanceCounters: ['counterSpecifiers'],
  performanceCountersOTel: ['counterSpecifiers'],
  syslog: ['facilityNames', 'logLevels'],
};

export function checkSources(parts: RuleParts, document: RuleDocument): void {
  for (const source of parts.sources) {
    checkNeededLists(source, document);
    if (source.array === 'performanceCounters') {
      checkSampling(source, document);
      checkCounters(source, document);
    }
    if (source.array === 'logFiles') checkPatterns(source, document);
    if (source.array === 'extensions') checkInputs(source, parts, document);
    if (source.array === 'logFiles' && source.streams.length > 1) {
      const at = pointerTo(source.pointer, 'streams');
      const message = `a log file has ${count(source.streams.length, 'stream')}, usual is one`;
      document.report('DCR_LIMIT_ADVISED', at, message);
    }
  }
}

function checkNeededLists(source: SourcePart, document: RuleDocument): void {
  for (const name of [...(NEEDED_LISTS[source.array] ?? []), 'streams']) {
    const list = source.members[name];
    const at = pointerTo(source.pointer, name);
    if (source.array === 'dataImports' || document.isReported(at)) continue;
    if (list !== undefined && !(Array.isArray(list) && list.length === 0)) continue;
    if (list === undefined && document.isReported(source.pointer)) continue;
    if (list === undefined && isMisspelled(name, source)) continue;
    const what = list === undefined ? `has no '${name}'` : `has an empty '${name}'`;
    const pointer = list === undefined ? source.pointer : at;
    const message = `this data source ${what}: it sends nothing`;
    document.report('DCR_COLLECTS_NOTHING', pointer, message);
  }
}

/** Is there a member that was probably meant to be this one? It is reported for itself. */
function isMisspelled(name: string, { members }: SourcePart): boolean {
  return Object.keys(members).some((written) => nearest(written, [name]) !== undefined);
}

/** The service was seen to refuse other rates and, earlier, to accept them. */
function checkSampling(source: SourcePart, document: RuleDocument): void {
  const seconds = source.members.samplingFrequencyInSeconds;
  const streams = stringsOf(source.members.streams).map((s) => s.toLowerCase());
  if (typeof seconds !== 'number' || seconds === 60) return;
  if (!streams.includes('microsoft-insightsmetrics')) return;
  const at = pointerTo(source.pointer, 'samplingFrequencyInSeconds');
  const message = `Microsoft-InsightsMetrics counters are sampled every ${seconds} seconds`;
  document.report('DCR_SAMPLING_INSIGHTS', at, message, 'the service may ask for exactly 60');
}

/**
 * `\\Object(instance)\\Counter`, of Linux without the first backslash. Source: "Collect performance
 * counters"; the counters of VM insights have a path of their own form, which this is too.
 */
const COUNTER_PATH = /^\\?[^\\]+\\[^\\]/;

function checkCounters(source: SourcePart, document: RuleDocument): void {
  const { parts } = textsAt(
    source.members.counterSpecifiers,
    pointerTo(source.pointer, 'counterSpecifiers'),
  );
  for (const { text, pointer } of parts) {
    if (COUNTER_PATH.test(text) || isExpression(text)) continue;
    const message = `${nameOf(text)} is not the path of a counter`;
    const hint = 'write \\Object(instance)\\Counter, each backslash twice in JSON';
    document.report('DCR_COUNTER_FORM', pointer, message, hint);
  }
}

/** Source: "Collect text logs": an absolute path, wildcards in file names and folders. */
const ABSOLUTE = /^(\/|[A-Za-z]:[\\/]|\\\\|%\w+%)/;

function checkPatterns(source: SourcePart, document: RuleDocument): void {
  const { parts } = textsAt(source.members.filePatterns, pointerTo(source.pointer, 'filePatterns'));
  for (const { text, pointer } of parts) {
    if (isExpression(text) || ABSOLUTE.test(text)) continue;
    const message = `the file pattern ${nameOf(text)} is not an absolute path`;
    const hint = 'write it from the root, /var/log/app/*.log or C:\\\\logs\\\\*.log';
    document.report('DCR_FILE_PATTERN', pointer, message, hint);
  }
}

/** Extensions get the data of other data sources of the rule by their names. */
function checkInputs(source: SourcePart, parts: RuleParts, document: RuleDocument): void {
  const inputs = textsAt(
    source.members.inputDataSources,
    pointerTo(source.pointer, 'inputDataSources'),
  );
  const names = parts.sources.flatMap((s) => s.name?.text ?? []);
  if (!parts.sourcesKnown || names.some(isExpression)) return;
  for (const { text, pointer } of inputs.parts) {
    if (isExpression(text) || names.some((n) => n.toLowerCase() === text.toLowerCase())) continue;
    const message = `no data source of the rule has the name ${nameOf(text)}`;
    document.report('DCR_INPUT_UNKNOWN', pointer, message, didYouMean(text, names));
  }
}
