/**
 * Rule texts, changed at random: the parser answers every one, tells JSON from what is not as
 * `JSON.parse` does, and points at places that exist.
 *
 * node --conditions=dcr-agent-source test/fuzz/rule.fuzz.ts [seconds]
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ParsedRule, parseRule } from '../../packages/dcr-schema/src/rule/parse-rule.ts';
import { SAMPLE_PROPERTIES, SYSLOG_SOURCE, sampleRule } from '../support/sample-rule.ts';

const [flow] = SAMPLE_PROPERTIES.dataFlows;

const SEEDS: readonly string[] = [
  sampleRule(),
  JSON.stringify(SAMPLE_PROPERTIES),
  sampleRule(
    {
      streamDeclarations: { 'Custom-A': { columns: [{ name: 'a', type: 'datetime' }] } },
      dataSources: {
        syslog: [SYSLOG_SOURCE],
        windowsEventLogs: [{ name: 'e', streams: ['Microsoft-Event'], xPathQueries: ['A!*'] }],
        extensions: [{ name: 'x', extensionName: 'X', extensionSettings: { a: [{}] } }],
        dataImports: { eventHub: { name: 'h', stream: 'Custom-A' } },
      },
      destinations: { azureMonitorMetrics: { name: 'main' } },
      dataFlows: [flow, { ...flow, streams: ['Custom-A'], transformKql: 'source' }],
      agentSettings: { logs: [{ name: 'Tags', value: '' }] },
    },
    { kind: 'Linux', name: 'web' },
  ),
];

const PIECES = ['{', '}', '[', ']', ',', ':', '"', '\\', 'null', '1e', '-', '//', '/*', '*/', '\n']
  .concat(['"streams"', '"__proto__":', '{"a":', '"\\u00', '[parameters(', '{{', '\uFEFF', '\0'])
  .map((piece) => fc.constant(piece));

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat({ max: 12 }),
  inserted: fc.oneof(...PIECES, fc.string({ maxLength: 4 })),
});

const editedText = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(edit, { maxLength: 6 }))
  .map(([seed, edits]) =>
    edits.reduce((text, { at, removed, inserted }) => {
      const from = Math.floor(at * text.length);
      return text.slice(0, from) + inserted + text.slice(from + removed);
    }, seed),
  );

/** A rule with some of its values replaced by any JSON. */
const changedValue = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { maxLength: 3 }))
  .map(([seed, changes]) =>
    changes.reduce((text, [which, value]) => {
      let index = 0;
      const count = text.match(/[:[,]/g)?.length ?? 1;
      const replaced = JSON.parse(text, (_, old: unknown) => {
        index += 1;
        return index === (which % count) + 1 ? value : old;
      });
      return JSON.stringify(replaced) ?? 'null';
    }, seed),
  );

/** Runs the fuzzer over a parser; throws with the smallest text that shows a fault. */
export function fuzzRule(
  parse: (text: string) => ParsedRule,
  parameters: fc.Parameters<[string]>,
): void {
  const property = fc.property(fc.oneof(editedText, changedValue), (text) => {
    checkAnswer(text, parse(text));
  });
  fc.assert(property, parameters);
}

function checkAnswer(text: string, { rule, diagnostics }: ParsedRule): void {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  assert.equal(rule === undefined, errors.length > 0, 'a rule without errors');
  for (const { position } of diagnostics) {
    assert.ok(position !== undefined && position.offset <= text.length, 'a place in the text');
  }
  const isPlain = !/\/\/|\/\*|^\uFEFF/.test(text);
  const value = jsonOf(text);
  const syntax = errors.filter((d) => d.code.startsWith('JSON_'));
  if (value === undefined) {
    if (isPlain) assert.ok(syntax.length > 0, 'what JSON.parse refuses is refused');
    return;
  }
  const mayBe = ['JSON_DUPLICATE_MEMBER', 'JSON_TOO_DEEP'];
  assert.deepEqual(
    syntax.filter((d) => !mayBe.includes(d.code)),
    [],
    'what JSON.parse reads is read',
  );
  if (syntax.length > 0) return;
  for (const { pointer } of diagnostics) assert.ok(exists(value.json, pointer), pointer);
}

function jsonOf(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function exists(json: unknown, pointer: string): boolean {
  let value = json;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as Record<string, unknown>)[name];
  }
  return true;
}

if (import.meta.main) {
  const seconds = Number(process.argv[2] ?? 10);
  const interruptAfterTimeLimit = seconds * 1000;
  let textCount = 0;
  const counted = (text: string): ParsedRule => {
    textCount += 1;
    return parseRule(text);
  };
  fuzzRule(counted, { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit });
  console.log(`${textCount} texts, no fault`);
}
