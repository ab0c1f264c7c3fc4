import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ArrivedMessages,
  assertTwins,
  type Filter,
} from '../../../../support/syslog-twins.ts';
import { KNOWN_MESSAGES } from '../../sources/syslog/message/known-messages.ts';

const ALL: Filter = { facilityNames: ['*'], logLevels: ['*'] };
const ARRIVAL = { receivedAtMs: Date.UTC(2025, 2, 1, 12, 0, 0, 7), senderAddress: '192.0.2.7' };
const LOCAL = { receivedAtMs: Date.UTC(2024, 1, 29, 23, 59, 59, 999), senderAddress: '' };

function of(...texts: readonly (string | Buffer)[]): ArrivedMessages {
  return { arrival: ARRIVAL, messages: texts.map((text) => Buffer.from(text)) };
}

test('messages known to come from devices and daemons make the rows of the twin', () => {
  const messages = of(...KNOWN_MESSAGES.map(([, text]) => text));
  const { shown } = assertTwins([[messages, { ...messages, arrival: LOCAL }]], [ALL]);
  assert.ok(shown > 0);
});

test('what headers lack is counted as by the twin, of messages that somebody wants', () => {
  const messages = of(
    'what is this',
    '<192>beyond',
    '<13>without time',
    '<14>without time, not wanted',
    Buffer.from('<14>\xff not wanted', 'latin1'),
    Buffer.from('<13>\xff wanted', 'latin1'),
    '<13>1 2025-03-01 host app - - - not that form',
    '<13>1 2025-03-01T10:11:12Z host app 1 m',
    '<13>1 2025-03-01T10:11:12Z host app 1 - ',
    '<13>1 2025-03-01T10:11:12Z',
    '<13>1 2025-03-01T10:11:12Z host app 1 - -',
    '<13>1 2025-03-01T10:11:12Z host app 1 - text',
  );
  const { unparsed } = assertTwins([[messages]], [{ ...ALL, logLevels: ['Notice'] }]);
  assert.deepEqual(unparsed, {
    'no priority': 1,
    'priority out of range': 1,
    'no time': 2,
    'RFC 5424 header incomplete': 4,
  });
});

test('common messages are not left to the twin', () => {
  const { shown, rows } = assertTwins(
    [
      [
        of(
          '<165>1 2025-02-28T22:14:15.003Z web.example app 8710 ID47 [a@1 b="]\\""] text',
          '<165>1 2025-02-28T22:14:15.003123456+05:30 - - - - - \ufefftext',
          '<34>1 - host app - - -',
          '<0>2025-02-28T22:14:15+01:00 host app[77]: text "quoted" \\ \t \u0001 é 漢',
          '<191>Feb 28 22:14:15 db-1.example su: text',
          '<13>Feb 28 22:14:59 db-1 CRON[1]: (root) CMD (true)',
          '<13>Feb 28 22:14:00 10.0.0.7 %ASA-6-302013: Built',
          '<13>Feb 28 22:14:01 SRV01 kernel: [1.2] x',
          '<13>Feb 28 22:14:02 host no tag here',
        ),
      ],
    ],
    [ALL],
  );
  // The first of the minute asks for its place in time.
  assert.equal(shown, 1);
  assert.equal(rows.length, 18);
});

test('a minute is asked for once, as long as messages come in one', () => {
  const lines = Array.from({ length: 50 }, (_, i) => `<13>Mar  1 10:11:${10 + i} h t: ${i}`);
  assert.equal(assertTwins([[of(...lines), of(...lines)], [of(...lines)]], [ALL]).shown, 1);
  const later = {
    ...of(...lines),
    arrival: { ...ARRIVAL, receivedAtMs: ARRIVAL.receivedAtMs + 60_000 },
  };
  assert.equal(assertTwins([[of(...lines), later], [of(...lines)]], [ALL]).shown, 3);
  const minutes = Array.from({ length: 50 }, (_, i) => `<13>Mar  1 10:${10 + i}:00 h t: ${i}`);
  assert.equal(assertTwins([[of(...minutes)]], [ALL]).shown, 50);
});

test('each flow has what its own facilities and levels select', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `<${i}>1 - h a ${i} - - text ${i}`);
  const { counts } = assertTwins(
    [[of(...lines, 'no priority')]],
    [
      { facilityNames: ['auth', 'local7'], logLevels: ['Error', 'Debug'] },
      { facilityNames: ['nopri'], logLevels: ['*'] },
      { facilityNames: [], logLevels: [] },
      ALL,
    ],
  );
  assert.deepEqual(counts, [
    [201, 197, []],
    [201, 192, []],
    [201, 201, []],
    [201, 0, []],
  ]);
});

test('messages that would go in circles are rejected by whichever flow wants them', () => {
  const own = { receivedAtMs: ARRIVAL.receivedAtMs, senderAddress: '127.0.0.1' };
  const head = '<29>2025-03-01T10:11:12Z host';
  const suspended =
    "action 'action-8-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. There should be";
  const messages = [
    `${head} dcr-agent[77]: {"level":"warn"}`,
    `<29>1 2025-03-01T10:11:12Z host dcr-agent 77 - - {"level":"warn"}`,
    `${head} dcr-agent[78]: of another`,
    `${head} rsyslogd: ${suspended}`,
    `${head} rsyslogd: cannot connect to 127.0.0.1:28330: Connection refused [v8.2412.0]`,
    `${head} rsyslogd: cannot connect to 127.0.0.1:28331: Connection refused [v8.2412.0]`,
    `${head} syslog-ng[5]: Connection failed; fd='13', server='AF_INET(127.0.0.1:28330)'`,
    `${head} syslog-ng[5]: Connection failed; fd='13', server='AF_UNIX(/run/a.sock)'`,
    `${head} rsyslogx: ${suspended}`,
    '<14>no time, so never to the kernel, dcr-agent[77]: x',
    `Mar  1 10:11:12 host rsyslogd: ${suspended}`,
  ].map((text) => Buffer.from(text));
  const filters = [
    ALL,
    { facilityNames: ['daemon'], logLevels: ['Notice'] },
    { ...ALL, facilityNames: [] },
  ];
  const { counts } = assertTwins([[{ arrival: own, messages }]], filters);
  assert.deepEqual(counts, [
    [
      11,
      0,
      [
        { reason: 'own message', count: 2 },
        { reason: "forwarder's own trouble", count: 5 },
      ],
    ],
    [
      11,
      2,
      [
        { reason: 'own message', count: 2 },
        { reason: "forwarder's own trouble", count: 4 },
      ],
    ],
    [11, 11, []],
  ]);
  const fromElsewhere = assertTwins([[{ arrival: ARRIVAL, messages }]], [ALL]);
  assert.deepEqual(fromElsewhere.counts, [[11, 0, []]]);
});

test('invalid UTF-8, and characters cut in two, are repaired as the twin does', () => {
  const broken = Buffer.from('<13>1 - h\xff a\xc3 1 - - \xe6\xbc text\xed\xa0\x80', 'latin1');
  assertTwins([[of('<13>1 - é a 1 - - text', broken, '<13>1 - h a 1 - - next')]], [ALL]);
});

test('a process id is a number only where it is digits alone', () => {
  const ids = ['0', '007', '123456789', '1234567890', '12a', '-1', '٣', '000000000', ''];
  assertTwins([[of(...ids.map((id) => `<13>Mar  1 10:11:12 h t[${id}]: x`))]], [ALL]);
});

test('a message as long as it may be, all of it escapes, is written; a longer one is the twin’s', () => {
  const long = (bytes: number): string => `<13>1 - h a 1 - - ${'\u0001'.repeat(bytes - 18)}`;
  assert.equal(assertTwins([[of(long(65_536), long(60_000))]], [ALL]).shown, 0);
  assertTwins([[of(long(65_537), 'x')]], [ALL]);
  assertTwins([[of(...Array.from({ length: 4_097 }, () => '<13>x'))]], [ALL]);
  const invalid = Buffer.alloc(40_000, 0xff);
  assertTwins([[of(Buffer.concat([Buffer.from('<13>'), invalid]), 'x')]], [ALL]);
});

test('times at the edges of days, years and what a row can carry agree', () => {
  const times = [
    '0999-12-31T23:59:59Z',
    '1000-01-01T00:00:00+23:59',
    '1001-01-01T00:00:00.9999Z',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00-00:00',
    '2000-02-29T00:00:60Z',
    '2100-02-29T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-12-31t23:59:59,5z',
    '2024-12-31 23:59:59.1+0100',
    '2024-12-31T23:59:59+01',
    '2024-12-31T23:59:59',
    '2024-04-31T00:00:00Z',
    '2024-08-31T24:00:00Z',
    '9999-12-31T23:59:59-23:59',
  ];
  assertTwins(
    [[of(...times.flatMap((time) => [`<13>1 ${time} h a 1 - - x`, `<13>${time} h a: x`]))]],
    [ALL],
  );
  const days = [' 1', '01', '28', '29', '30', '31', '32', ' 0', '1 '];
  const wall = days.flatMap((day) => [
    `<13>Feb ${day} 10:11:12 h a: x`,
    `<13>Dec ${day} 23:59:60 h a: x`,
    `<13>Apr ${day} 10:11:12 CET h a: x`,
    `<13>Apr ${day} 10:11:12 2024 h a: x`,
    `<13>Apr ${day} 10:11:12.123 h a: x`,
    `<13>Mai ${day} 10:11:12 h a: x`,
  ]);
  assertTwins([[of(...wall), { arrival: LOCAL, messages: of(...wall).messages }]], [ALL]);
});

const words = KNOWN_MESSAGES.flatMap(([, text]) => text.split(/(?<=[ :>[\]])/));
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '<13>',
      '<0>',
      '<191>',
      '<192>',
      '1 ',
      '- ',
      ': ',
      ':',
      '::',
      ' ',
      '[',
      ']',
      '"',
      '\\',
      '\ufeff',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Mar  1 10:11:12 ',
      '2025-03-01T10:11:12.5Z ',
      'host ',
      'HOST ',
      'tag: ',
      'tag[1]: ',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const message = fc.oneof(
  fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => Buffer.from(pieces.join('').replaceAll('\n', ' '))),
  fc
    .array(piece, { maxLength: 8 })
    .map((pieces) => Buffer.from(`<13>Mar  1 10:11:12 ${pieces.join('')}`)),
  fc
    .array(piece, { maxLength: 8 })
    .map((pieces) => Buffer.from(`<13>1 2025-03-01T10:11:12Z ${pieces.join('')}`)),
  fc
    .tuple(fc.constantFrom(...KNOWN_MESSAGES.map(([, text]) => text)), fc.nat(), fc.nat(255))
    .map(([text, place, byte]) => {
      const bytes = Buffer.from(text);
      bytes[place % bytes.length] = byte;
      return bytes;
    }),
);

test('whatever comes, the kernel writes what its twin writes', () => {
  const batches = fc.array(
    fc.record({
      arrival: fc.constantFrom(ARRIVAL, LOCAL),
      messages: fc.array(message, { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const numRuns = Number(process.env.FUZZ_RUNS ?? 200);
  fc.assert(
    fc.property(fc.array(batches, { minLength: 1, maxLength: 3 }), (arrived) => {
      assertTwins(arrived, [ALL, { facilityNames: ['user'], logLevels: ['Notice'] }]);
    }),
    { numRuns },
  );
});
