import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPinoLog } from '../../../../packages/agent/src/host/pino-log.ts';
import { AccessToken } from '../../../../packages/agent/src/identity/access-token.ts';

type Log = ReturnType<typeof createPinoLog>;

/** The lines one writes, their time taken out. */
function written(format: 'json' | 'text', write: (log: Log) => void, level = 'debug'): string[] {
  const lines: string[] = [];
  write(createPinoLog({ level, format }, (line) => lines.push(line)));
  return lines.map((line) => {
    const timeless = line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, 'TIME');
    assert.notEqual(timeless, line, 'every line has its time');
    return timeless;
  });
}

test('text: one readable line per entry', () => {
  const lines = written('text', (log) => {
    log.info({}, 'the agent is running');
    log.warn({ source: 'syslog', records: 3, ok: true, note: null }, 'a source waits');
    log.error({ reason: 'the disk is full', empty: '', list: ['a', 1] }, 'oh');
    log.child({ destination: 'd' }).debug({ url: 'https://x.example/a?b' }, 'asked');
  });
  assert.deepEqual(lines, [
    'TIME info  the agent is running\n',
    'TIME warn  a source waits  source=syslog records=3 ok=true note=null\n',
    'TIME error oh  reason="the disk is full" empty="" list=["a",1]\n',
    'TIME debug asked  destination=d url=https://x.example/a?b\n',
  ]);
});

test('text: nothing from outside starts a line of its own or moves the cursor', () => {
  const [line, ...others] = written('text', (log) =>
    log.warn({ file: 'a\nb', word: 'c\u009b' }, 'the file x\n2026 error FAKE'),
  );
  assert.deepEqual(others, []);
  assert.equal(line, 'TIME warn  the file x\\u000a2026 error FAKE  file="a\\nb" word=c\\u009b\n');
});

test('json: one object per line, time, level and message first-class', () => {
  const lines = written('json', (log) => {
    log.child({ destination: 'd' }).warn({ reason: 'x\ny' }, 'it fails');
  });
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [{ level: 'warn', time: 'TIME', destination: 'd', reason: 'x\ny', msg: 'it fails' }],
  );
  assert.match(lines[0]!, /^\{.*\}\n$/);
});

test('entries below the level are left out', () => {
  const lines = written(
    'text',
    (log) => {
      log.debug({}, 'a');
      log.info({}, 'b');
      log.warn({}, 'c');
      log.error({}, 'd');
    },
    'warn',
  );
  assert.deepEqual(lines, ['TIME warn  c\n', 'TIME error d\n']);
});

for (const format of ['json', 'text'] as const) {
  test(`${format}: an error under err comes with its stack, a token never with its value`, () => {
    const [line] = written(format, (log) =>
      log.error({ err: new TypeError('boom'), token: new AccessToken('s3cret', 0) }, 'a bug'),
    );
    assert.match(line!, /TypeError.*boom.*pino-log\.test/);
    assert.match(line!, /\[token\]/);
    assert.doesNotMatch(line!, /s3cret/);
  });

  test(`${format}: facts that point at themselves or are no JSON are written all the same`, () => {
    const loop: Record<string, unknown> = { big: 12n, none: undefined };
    loop.self = loop;
    const [line] = written(format, (log) => log.info(loop, 'odd'));
    assert.match(line!, /odd/);
    assert.match(line!, /12/);
  });
}
