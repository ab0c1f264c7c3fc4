/** Explanations to print, by hand and at random. */
import type { Explanation } from '@dcr-agent/schema/documents';
import fc from 'fast-check';
import { WORKSPACE_ID } from '../../../../support/sample-rule.ts';

export const EMPTY_EXPLANATION: Explanation = {
  isFor: 'for programs',
  dataSources: [],
  received: [],
  neverCollected: [],
  settings: [],
  notes: [],
};

const MAIN = { name: 'main', target: `workspace ${WORKSPACE_ID}` } as const;
const HUB = {
  name: 'hub',
  target: 'eventHubs h',
  problem: "destination 'hub' is not supported yet",
} as const;

export const FULL_EXPLANATION: Explanation = {
  name: 'web',
  description: 'First line\r\nand second',
  kind: 'Linux',
  isFor: 'for the Linux machines it is associated with',
  dataSources: [
    {
      name: 'messages',
      kind: 'syslog',
      reads: ['auth: warning and above', 'all facilities: all levels'],
      streams: [
        {
          stream: 'Microsoft-Syslog',
          columns: [
            { name: 'TimeGenerated', type: 'datetime' },
            { name: 'Computer', type: 'string' },
          ],
          flows: [
            { flow: 0, table: 'Syslog', destinations: [{ ...MAIN, via: 'ODS' }] },
            {
              flow: 3,
              table: 'My_CL',
              transformKql: 'source | where true',
              destinations: [{ ...MAIN, via: 'Logs Ingestion', endpoint: 'dce' }, HUB],
            },
          ],
        },
      ],
      goesNowhere: ['Microsoft-CiscoAsa'],
      notes: ["'mark' selects nothing"],
    },
    {
      name: 'counters',
      kind: 'performanceCounters',
      reads: ['Memory: Used'],
      everySeconds: 30,
      streams: [
        {
          stream: 'Microsoft-InsightsMetrics',
          flows: [
            {
              flow: 4,
              table: 'InsightsMetrics',
              destinations: [
                { name: 'metrics', target: 'metrics of the machine', via: 'custom metrics' },
              ],
            },
          ],
        },
      ],
      goesNowhere: [],
      notes: [],
    },
    {
      name: 'ext',
      kind: 'extensions',
      reads: ['what the extension E collects'],
      notCollected: "data sources of kind 'extensions' are not supported yet",
      streams: [
        {
          stream: 'Microsoft-X',
          flows: [{ flow: 5, table: 'X', builtInTransform: 'Built', destinations: [MAIN] }],
        },
      ],
      goesNowhere: [],
      notes: [],
    },
  ],
  received: [],
  neverCollected: [{ flow: 6, stream: 'Microsoft-Perf', destinations: ['main', 'hub'] }],
  settings: [],
  notes: ['a note'],
};

/** Texts that mean something to a terminal, to Mermaid, to Markdown or to HTML. */
const foreign = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '"]; end',
    '1. a list',
    '- a list',
    '`code`',
    '**bold** _it_ ~~',
    '<script>alert(1)</script>',
    '&quot;#quot;#35;',
    'a\nb\r\nc',
    '%% comment',
    '%%{init: {}}%%',
    '$$x^2$$',
    'style x:#f;',
    'end',
    '\ud800',
    '日本語 ✓ 👩‍💻',
    '\u202eright to left',
    '   ',
    '',
  ),
);

const flow = fc.record({
  flow: fc.nat(3),
  table: foreign,
  destinations: fc.array(
    fc.oneof(
      fc.record({ name: foreign, target: foreign, via: fc.constant('ODS' as const) }),
      fc.record({ name: foreign, target: foreign, problem: foreign }),
    ),
    { maxLength: 2 },
  ),
});
const stream = fc.record({ stream: foreign, flows: fc.array(flow, { maxLength: 2 }) });

export const explanation: fc.Arbitrary<Explanation> = fc.record({
  name: foreign,
  kind: foreign,
  isFor: fc.constant('for machines'),
  dataSources: fc.array(
    fc.record({
      name: foreign,
      kind: foreign,
      reads: fc.array(foreign, { maxLength: 5 }),
      streams: fc.array(stream, { maxLength: 2 }),
      goesNowhere: fc.array(foreign, { maxLength: 2 }),
      notes: fc.array(foreign, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  received: fc.array(stream, { maxLength: 2 }),
  neverCollected: fc.array(
    fc.record({ flow: fc.nat(3), stream: foreign, destinations: fc.array(foreign) }),
    { maxLength: 2 },
  ),
  settings: fc.constant([]),
  notes: fc.array(foreign, { maxLength: 2 }),
});
