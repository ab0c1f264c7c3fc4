import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explanationMermaid } from '../../../../../packages/agent/src/cli/explain/mermaid.ts';
import { EMPTY_EXPLANATION, explanation, FULL_EXPLANATION } from './explanations.ts';

test('a rule is a group of its sources and flows, which lead to destinations', () => {
  assert.equal(
    explanationMermaid([FULL_EXPLANATION]),
    [
      'flowchart LR',
      '  subgraph r0["web"]',
      '    r0s0["messages<br/>syslog<br/>auth#58; warning and above<br/>all facilities#58; all levels"]',
      '    r0s0f0x0(["Microsoft-Syslog<br/>to Syslog<br/>flow 0"])',
      '    r0s0f0x1(["Microsoft-Syslog<br/>transformed<br/>to My_CL<br/>flow 3"])',
      '    r0s0n0["Microsoft-CiscoAsa<br/>goes nowhere"]',
      '    r0s1["counters<br/>performanceCounters<br/>Memory#58; Used"]',
      '    r0s1f0x0(["Microsoft-InsightsMetrics<br/>to InsightsMetrics<br/>flow 4"])',
      '    r0s2["ext<br/>extensions<br/>what the extension E collects<br/>not collected by this agent"]',
      '    r0s2f0x0(["Microsoft-X<br/>transformed<br/>to X<br/>flow 5"])',
      '    r0u0["Microsoft-Perf<br/>never collected"]',
      '  end',
      '  d0[("workspace w")]',
      '  d1[("eventHubs h")]',
      '  d2[("metrics of the machine")]',
      '  r0s0 --> r0s0f0x0',
      '  r0s0f0x0 -->|"ODS"| d0',
      '  r0s0 --> r0s0f0x1',
      '  r0s0f0x1 -->|"Logs Ingestion"| d0',
      '  r0s0f0x1 -.->|"destination #39;hub#39; is not supported yet"| d1',
      '  r0s0 -.-> r0s0n0',
      '  r0s1 --> r0s1f0x0',
      '  r0s1f0x0 -->|"custom metrics"| d2',
      '  r0s2 --> r0s2f0x0',
      '  r0s2f0x0 --> d0',
    ].join('\n'),
  );
});

test('rules share the destinations that are the same', () => {
  const flows = [{ flow: 0, table: 'T', destinations: [{ name: 'a', target: 'workspace w' }] }];
  const rule = { ...EMPTY_EXPLANATION, received: [{ stream: 'S', flows }] };
  assert.equal(
    explanationMermaid([rule, rule]),
    [
      'flowchart LR',
      '  subgraph r0["a rule without a name"]',
      '    r0p["sent from outside"]',
      '    r0pf0x0(["S<br/>to T<br/>flow 0"])',
      '  end',
      '  subgraph r1["a rule without a name"]',
      '    r1p["sent from outside"]',
      '    r1pf0x0(["S<br/>to T<br/>flow 0"])',
      '  end',
      '  d0[("workspace w")]',
      '  r0p --> r0pf0x0',
      '  r0pf0x0 --> d0',
      '  r1p --> r1pf0x0',
      '  r1pf0x0 --> d0',
    ].join('\n'),
  );
});

test('what means something to Mermaid or Markdown is written by its number', () => {
  const named = (name: string): string =>
    explanationMermaid([{ ...EMPTY_EXPLANATION, name }]).split('\n')[1] ?? '';
  assert.equal(named('a"b'), '  subgraph r0["a#34;b"]');
  assert.equal(named('1. a_b-c.d/e'), '  subgraph r0["1#46; a_b-c.d/e"]');
  assert.equal(named(' #1;\n\u202e<b> '), '  subgraph r0["#35;1#59; #60;b#62;"]');
  assert.equal(named('\ud800 日本 👍'), '  subgraph r0["#65533; 日本 #128077;"]');
  assert.equal(named(' \n'), '  subgraph r0["without a name"]');
  assert.equal(named('x'.repeat(200)), `  subgraph r0["${'x'.repeat(120)}#8230;"]`);
});

const LABEL = /"((?:[\p{L}\p{N} \-._/]|#\d+;|<br\/>)+)"/u;
const LINES = [
  /^flowchart LR$/,
  /^ {2}end$/,
  RegExp(`^ {2}subgraph (?<own>\\w+)\\[${LABEL.source}\\]$`, 'u'),
  RegExp(`^ {2,4}(?<own>\\w+)(?:\\[${LABEL.source}\\]|\\(\\[${LABEL.source}\\]\\))$`, 'u'),
  RegExp(`^ {2}(?<own>d\\d+)\\[\\(${LABEL.source}\\)\\]$`, 'u'),
  RegExp(`^ {2}(?<from>\\w+) -\\.?->(?:\\|${LABEL.source}\\|)? (?<to>\\w+)$`, 'u'),
];

test('every chart is of the forms Mermaid takes, and its edges join nodes that are there', () => {
  fc.assert(
    fc.property(fc.array(explanation, { maxLength: 2 }), (explanations) => {
      const own = new Set<string>();
      const ends: string[] = [];
      for (const line of explanationMermaid(explanations).split('\n')) {
        const match = LINES.map((form) => form.exec(line)).find((found) => found !== null);
        assert.ok(match, line);
        const { own: id, from, to } = match.groups ?? {};
        if (id !== undefined) {
          assert.ok(!own.has(id), `${id} is there twice`);
          own.add(id);
        }
        ends.push(...[from, to].filter((end) => end !== undefined));
      }
      for (const end of ends) assert.ok(own.has(end), `${end} is no node`);
    }),
  );
});
