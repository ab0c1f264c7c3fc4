import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { AttachedRule } from '../../../../packages/dcr-schema/src/overlap/attached-rule.ts';
import { OVERLAP_CODES } from '../../../../packages/dcr-schema/src/overlap/codes.ts';
import { findOverlaps } from '../../../../packages/dcr-schema/src/overlap/find-overlaps.ts';
import { attach, eventRule, find, NOW, overlapsOf, ruleOf, workspaceId } from './attached-rules.ts';

const ALL = { facilityNames: ['*'], logLevels: ['*'] };
const AUTH = { facilityNames: ['auth'], logLevels: ['Warning'] };

function syslog(members: object, stream = 'Microsoft-Syslog', flow: object = {}): AttachedRule {
  return ruleOf('s.json', 'syslog', stream, members, flow);
}

function files(...filePatterns: readonly string[]): AttachedRule {
  return ruleOf('f.json', 'logFiles', 'Custom-App_CL', { filePatterns, format: 'text' });
}

function counters(...counterSpecifiers: readonly string[]): AttachedRule {
  const members = { samplingFrequencyInSeconds: 60, counterSpecifiers };
  return ruleOf('c.json', 'performanceCounters', 'Microsoft-Perf', members);
}

function iis(logDirectories?: readonly string[]): AttachedRule {
  return ruleOf('i.json', 'iisLogs', 'Microsoft-W3CIISLog', { logDirectories });
}

test('an overlap says who sends what where', () => {
  const a = attach('rules/a.json', {
    dataSources: {
      windowsEventLogs: [
        { name: 'none', streams: ['Microsoft-Event'], xPathQueries: ['Setup!*'] },
        {
          name: 'logons',
          streams: ['Microsoft-SecurityEvent'],
          xPathQueries: ['System!*', 'Security!*[System[EventID=4624]]'],
        },
      ],
    },
    dataFlows: [
      { streams: ['Microsoft-SecurityEvent'], destinations: ['law'] },
      { streams: ['Microsoft-Event'], destinations: ['law'] },
    ],
  });
  const b = ruleOf('rules/b.json', 'windowsEventLogs', 'Microsoft-SecurityEvent', {
    xPathQueries: ['Security!*'],
  });
  const [{ event, ...overlap } = { event: undefined }, ...others] = overlapsOf(a, b);
  assert.deepEqual(others, []);
  assert.match(event?.xml ?? '', /^<Event .*<EventID>4624<\/EventID>.*<\/Event>$/);
  assert.deepEqual(overlap, {
    code: 'OVERLAP_EVENTS',
    severity: 'warning',
    kind: 'windowsEventLogs',
    sides: [
      {
        ruleIndex: 0,
        dataSource: 'logons',
        entryIndex: 1,
        text: 'Security!*[System[EventID=4624]]',
        pointer: '/properties/dataSources/windowsEventLogs/1/xPathQueries/1',
      },
      {
        ruleIndex: 1,
        dataSource: 'own',
        entryIndex: 0,
        text: 'Security!*',
        pointer: '/properties/dataSources/windowsEventLogs/0/xPathQueries/0',
      },
    ],
    workspaceResourceId: workspaceId('law'),
    table: 'SecurityEvent',
    witness: 'Security event 4624',
    isCertain: true,
    message:
      "data source 'logons' of 'rules/a.json' and data source 'own' of 'rules/b.json' both send Security event 4624 to table SecurityEvent of workspace 'law'",
    hint: OVERLAP_CODES.OVERLAP_EVENTS.hint,
  });
});

describe('only what reaches one table of one workspace:', () => {
  const rule = (workspace: string, flow: object, kind?: string): AttachedRule =>
    attach('x.json', {
      ...(kind !== undefined && { kind }),
      workspaces: [workspace],
      dataSources: { syslog: [{ name: 'own', streams: ['Microsoft-Syslog'], ...AUTH }] },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: [workspace], ...flow }],
    });

  test('the same workspace, however its id is written', () => {
    assert.equal(overlapsOf(rule('law', {}), rule('LAW', {})).length, 1);
  });

  test('another workspace', () => {
    assert.deepEqual(overlapsOf(rule('law', {}), rule('other', {})), []);
  });

  test('another table', () => {
    const other = rule('law', { outputStream: 'Custom-Auth_CL' });
    assert.deepEqual(overlapsOf(rule('law', {}), other), []);
    assert.equal(overlapsOf(other, other).length, 1);
  });

  test('workspaces that an expression of each rule names', () => {
    const expression = "[parameters('workspace')]";
    assert.deepEqual(overlapsOf(rule(expression, {}), rule(expression, {})), []);
  });

  test('rules for two operating systems', () => {
    const linux = rule('law', {}, 'Linux');
    const perf = (kind: string): AttachedRule =>
      attach('p.json', {
        kind,
        dataSources: {
          performanceCounters: [
            {
              name: 'p',
              streams: ['Microsoft-Perf'],
              samplingFrequencyInSeconds: 60,
              counterSpecifiers: ['\\Memory\\Available MBytes'],
            },
          ],
        },
        dataFlows: [{ streams: ['Microsoft-Perf'], destinations: ['law'] }],
      });
    assert.deepEqual(overlapsOf(perf('Linux'), perf('Windows')), []);
    assert.equal(overlapsOf(perf('Linux'), perf('linux')).length, 1);
    assert.equal(overlapsOf(linux, rule('law', {})).length, 1);
  });

  test('a flow to each of two workspaces is told of each', () => {
    const both = attach('x.json', {
      workspaces: ['one', 'two'],
      dataSources: { syslog: [{ name: 'own', streams: ['Microsoft-Syslog'], ...AUTH }] },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one', 'two'] }],
    });
    const reached = overlapsOf(both, both).map(({ workspaceResourceId }) => workspaceResourceId);
    assert.deepEqual(reached, [workspaceId('one'), workspaceId('two')]);
  });
});

test('two data sources of one rule are compared, queries of one are not', () => {
  const source = (name: string): object => ({
    name,
    streams: ['Microsoft-Event'],
    xPathQueries: ['System!*', 'System!*[System[Level=2]]'],
  });
  const rule = (...names: readonly string[]): AttachedRule =>
    attach('a.json', {
      dataSources: { windowsEventLogs: names.map(source) },
      dataFlows: [{ streams: ['Microsoft-Event'], destinations: ['law'] }],
    });
  assert.deepEqual(overlapsOf(rule('one')), []);
  const pairs = overlapsOf(rule('one', 'two')).map(({ sides }) => sides.map((s) => s.entryIndex));
  assert.deepEqual(pairs, [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
});

test('what a transformation passes is not certain, unless it hands on everything', () => {
  const transformed = (kql: string): AttachedRule =>
    syslog(AUTH, 'Microsoft-Syslog', { transformKql: kql });
  const [plain] = overlapsOf(syslog(AUTH), transformed(' source '));
  assert.equal(plain?.isCertain, true);
  const [overlap] = overlapsOf(syslog(AUTH), transformed("source | where Computer == 'x'"));
  assert.equal(overlap?.isCertain, false);
  assert.match(overlap?.message ?? '', /may both send .*; a transformation may drop or change it$/);
  assert.equal(overlap?.hint, `if so, ${OVERLAP_CODES.OVERLAP_SYSLOG.hint}`);
});

test('one way without a transformation makes it certain', () => {
  const rule = attach('x.json', {
    dataSources: { syslog: [{ name: 'own', streams: ['Microsoft-Syslog'], ...AUTH }] },
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: ['law'], transformKql: 'source | take 1' },
      { streams: ['Microsoft-Syslog'], destinations: ['law'] },
    ],
  });
  assert.equal(overlapsOf(syslog(AUTH), rule)[0]?.isCertain, true);
});

describe('syslog:', () => {
  const witnesses = (a: object, b: object): readonly string[] =>
    overlapsOf(syslog(a), syslog(b)).map(({ witness }) => witness);

  test('facilities and levels that both select', () => {
    assert.deepEqual(witnesses(AUTH, ALL), ['auth.warning']);
    assert.deepEqual(witnesses(AUTH, { facilityNames: ['AUTH'], logLevels: ['warning'] }), [
      'auth.warning',
    ]);
    assert.deepEqual(
      witnesses(
        { facilityNames: ['kern', 'auth'], logLevels: ['Debug', 'Info'] },
        { facilityNames: ['auth', 'cron'], logLevels: ['Info', 'Notice'] },
      ),
      ['auth.info'],
    );
  });

  test('how many priorities there are beside the first', () => {
    const levels = { logLevels: ['Error', 'Critical', 'Alert'] };
    const [one, two] = [
      { facilityNames: ['auth'], ...levels },
      { facilityNames: ['*'], logLevels: ['Error', 'Alert'] },
    ];
    assert.deepEqual(witnesses(one, two), ['auth.error and one other priority']);
    assert.deepEqual(witnesses(one, ALL), ['auth.error and 2 other priorities']);
  });

  test('nothing where facilities or levels differ', () => {
    assert.deepEqual(witnesses(AUTH, { facilityNames: ['authpriv'], logLevels: ['*'] }), []);
    assert.deepEqual(witnesses(AUTH, { facilityNames: ['*'], logLevels: ['Error'] }), []);
    // No message is of facility mark, and one without a priority is an emergency.
    assert.deepEqual(witnesses({ facilityNames: ['mark'], logLevels: ['*'] }, ALL), []);
    const unmarked = { facilityNames: ['nopri'], logLevels: ['Info'] };
    assert.deepEqual(witnesses(unmarked, ALL), []);
    const marked = { facilityNames: ['nopri'], logLevels: ['Emergency'] };
    assert.deepEqual(witnesses(marked, ALL), ['nopri.emergency']);
  });

  test('the facility is where it is told', () => {
    const [overlap] = overlapsOf(
      syslog({ facilityNames: ['cron', 'auth'], logLevels: ['*'] }),
      syslog({ facilityNames: ['kern', '*'], logLevels: ['Info'] }),
    );
    assert.deepEqual(
      overlap?.sides.map(({ text, pointer }) => [text, pointer]),
      [
        ['auth', '/properties/dataSources/syslog/0/facilityNames/1'],
        ['*', '/properties/dataSources/syslog/0/facilityNames/1'],
      ],
    );
  });

  test('CEF, Cisco ASA and all messages share no row', () => {
    const streams = ['Microsoft-Syslog', 'Microsoft-CommonSecurityLog', 'Microsoft-CiscoAsa'];
    for (const a of streams) {
      for (const b of streams) {
        assert.equal(overlapsOf(syslog(ALL, a), syslog(ALL, b)).length, a === b ? 1 : 0);
      }
    }
  });
});

describe('log files:', () => {
  test('patterns that name one file', () => {
    const [overlap, ...others] = overlapsOf(
      files('/opt/x', '/var/log/*.log'),
      files('/var/log/app.log'),
    );
    assert.deepEqual(others, []);
    assert.equal(overlap?.code, 'OVERLAP_FILES');
    assert.equal(overlap?.witness, '/var/log/app.log');
    assert.equal(overlap?.isCertain, true);
    assert.equal(overlap?.table, 'App_CL');
    assert.equal(overlap?.sides[0].pointer, '/properties/dataSources/logFiles/0/filePatterns/1');
  });

  test('patterns that only may name one file', () => {
    const [overlap] = overlapsOf(files('/var/log/app*'), files('/var/log/*.log'));
    assert.equal(overlap?.witness, '/var/log/app.log');
    assert.equal(overlap?.isCertain, false);
    assert.match(overlap?.message ?? '', /; whether such a file exists is not known$/);
  });

  test('patterns that name no file together', () => {
    assert.deepEqual(overlapsOf(files('/var/log/a*.log'), files('/var/log/b*.log')), []);
    assert.deepEqual(overlapsOf(files("[parameters('x')]"), files("[parameters('x')]")), []);
  });

  test('directories of web servers, and the default where none is named', () => {
    const [overlap] = overlapsOf(iis(), iis());
    assert.equal(overlap?.isCertain, true);
    assert.deepEqual(overlap?.sides[0], {
      ruleIndex: 0,
      dataSource: 'own',
      entryIndex: null,
      text: '',
      pointer: '/properties/dataSources/iisLogs/0',
    });
    assert.equal(overlapsOf(iis(), iis(['c:/inetpub/logs/logfiles/'])).length, 1);
    assert.deepEqual(overlapsOf(iis(), iis(['D:\\logs'])), []);
  });

  test('a folder of one site lies below the folder of all', () => {
    const [overlap] = overlapsOf(iis(['D:\\logs']), iis(['D:\\logs\\W3SVC1']));
    assert.equal(overlap?.isCertain, true);
    assert.match(overlap?.witness ?? '', /^D:\\logs\\W3SVC1\\.+\.log$/);
    assert.deepEqual(overlapsOf(iis(['D:\\logs']), iis(['D:\\logs\\other'])), []);
  });
});

describe('performance counters:', () => {
  const witnesses = (a: string, b: string): readonly string[] =>
    overlapsOf(counters(a), counters(b)).map(({ witness }) => witness);
  const same: readonly (readonly [a: string, b: string, witness: string])[] = [
    ['\\Memory\\Available MBytes', 'memory\\available mbytes', '\\Memory\\Available MBytes'],
    ['\\\\Memory\\\\% Used', '\\Memory\\% Used', '\\Memory\\% Used'],
    ['Processor(*)\\% Idle', '\\Processor(_Total)\\% Idle', '\\Processor(_Total)\\% Idle'],
    ['Processor(*)\\% Idle', 'Processor(*)\\% Idle', '\\Processor(*)\\% Idle'],
    ['Processor(_total)\\% Idle', 'Processor\\% Idle', '\\Processor\\% Idle'],
    ['Process(*)\\Threads', 'Process(sshd)\\Threads', '\\Process(sshd)\\Threads'],
    ['Process(ss*)\\Threads', 'Process(sshd)\\Threads', '\\Process(sshd)\\Threads'],
    ['Process(a\\b)\\Threads', 'Process(a\\b)\\Threads', '\\Process(a\\b)\\Threads'],
  ];
  for (const [a, b, witness] of same) {
    test(`${a} | ${b}`, () => assert.deepEqual(witnesses(a, b), [witness]));
  }

  const different: readonly (readonly [a: string, b: string])[] = [
    ['\\Memory\\Available MBytes', '\\Memory\\% Used'],
    ['Processor(0)\\% Idle', 'Processor(1)\\% Idle'],
    ['Process(sshd)\\Threads', 'Process(bash)\\Threads'],
    ['Process(a*b)\\Threads', 'Process(a*c)\\Threads'],
    ['Process(T*)\\Threads', 'Process(_Total)\\Threads'],
    ['nonsense', 'nonsense'],
    ["[concat('\\\\', 'a')]", "[concat('\\\\', 'a')]"],
  ];
  for (const [a, b] of different) {
    test(`${a} | ${b}`, () => assert.deepEqual(witnesses(a, b), []));
  }

  test('instances that need not be there are not certain', () => {
    const [overlap] = overlapsOf(counters('P(a*)\\x'), counters('P(*b)\\x'));
    assert.equal(overlap?.witness, '\\P(ab)\\x');
    assert.equal(overlap?.isCertain, false);
  });
});

test('rules that collect nothing are left out', () => {
  const overlaps = overlapsOf(
    { rule: { ...syslog(AUTH).rule, kind: 'AgentSettings' }, source: 'x' },
    syslog(AUTH),
  );
  assert.deepEqual(overlaps, []);
});

test('no more overlaps are returned than asked for, and that is said', () => {
  const rules = Array.from({ length: 5 }, () => syslog(AUTH));
  assert.equal(findOverlaps(rules, { nowMs: NOW }).overlaps.length, 10);
  const { overlaps, isComplete } = findOverlaps(rules, { nowMs: NOW, overlapCountMax: 3 });
  assert.equal(overlaps.length, 3);
  assert.equal(isComplete, false);
  assert.equal(findOverlaps(rules, { nowMs: NOW, overlapCountMax: 10 }).isComplete, true);
});

test('names that objects have anyway are names like others', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const entry = `${name}!*[System[Provider[@Name='${name}']] and EventData[Data[@Name='${name}']='${name}']]`;
    const [overlap] = overlapsOf(eventRule('a', entry), eventRule('b', entry));
    assert.equal(overlap?.witness, `${name} event from ${name} with ${name} ${name}`);
    assert.deepEqual(overlapsOf(eventRule('a', `A!*[System/${name}]`), eventRule('b', 'A!*')), []);
  }
});

test('queries of any size come to an end', () => {
  const many = (n: number, by: string, make: (i: number) => string): string =>
    `A!*[System[${Array.from({ length: n }, (_, i) => make(i)).join(by)}]]`;
  const large = [
    many(20_000, ' or ', (i) => `EventID!=${i}`),
    many(5_000, ' and ', (i) => `(Level=${i} or EventID=${i})`),
    many(400, ' or ', (i) => `(EventID!=${i} and Level!=${i})`),
    many(400, ' and ', (i) => `(EventID!=${i} or Level!=${i})`),
    `A!${'*['.repeat(99)}*${']'.repeat(99)}`,
  ];
  const { overlaps } = find(eventRule('a', ...large, 'A!*'), eventRule('b', ...large, 'A!*'));
  assert.ok(overlaps.some(({ witness }) => witness === 'any A event'));
});

test('the table of the README is the catalogue', () => {
  const file = new URL('../../../../packages/dcr-schema/src/overlap/README.md', import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\| `(OVERLAP|AZURE)_/.test(line));
  const expected = Object.entries(OVERLAP_CODES).map(
    ([code, { meaning, hint }]) => `| \`${code}\` | ${meaning} | ${hint} |`,
  );
  assert.deepEqual(rows, expected);
});
