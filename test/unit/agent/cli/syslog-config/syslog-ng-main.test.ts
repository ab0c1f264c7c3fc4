import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readSyslogNgMain,
  sourceToForward,
} from '../../../../../packages/agent/src/cli/syslog-config/syslog-ng-main.ts';

const DEBIAN = `@version: 3.38
@include "scl.conf"
options { chain_hostnames(off); };
# source s_old { system(); };
source s_src {
       system();
       internal();
};
source s_net { network(port(514)); };
@include "/etc/syslog-ng/conf.d/*.conf"
`;
const RED_HAT = DEBIAN.replace('3.38', '3.35').replace('s_src', 's_sys');

function sourceOf(text: string, asked?: string): string {
  return sourceToForward(readSyslogNgMain(text), '/etc/ng.conf', asked);
}

test('the source of the machine itself is found, whatever it is called', () => {
  assert.equal(sourceOf(DEBIAN), 's_src');
  assert.equal(sourceOf(RED_HAT), 's_sys');
  assert.equal(sourceOf('@version: current\nsource "s.a" { unix-dgram("/dev/log"); };'), 's.a');
});

test('a source that is asked for is taken, also one from an included file', () => {
  assert.equal(sourceOf(DEBIAN, 's_net'), 's_net');
  assert.equal(sourceOf(DEBIAN, 's_elsewhere'), 's_elsewhere');
});

test('what stands in quotes, or in comments, is neither a comment, a brace nor a driver', () => {
  for (const [body, why] of [
    ['file("/var/log/a#b"); system();', 'a hash'],
    ['file("/x/}y"); system();', 'a brace'],
    ["file('/x/}#y'); system();", 'single quotes'],
    ['file("/x\\"}"); # it is }\n system();', 'a quote'],
  ]) {
    assert.equal(sourceOf(`@version: 4.2\nsource s_a { ${body} };`), 's_a', why);
  }
  const words = `@version: 4.2
source s_a { file("/x" program-override("the system (old)")); };
source s_b { file("/source s_c { system(); };"); internal(); };
source s_d { system(); };`;
  assert.deepEqual(readSyslogNgMain(words).localSources, ['s_d']);
  assert.deepEqual(readSyslogNgMain(words).sources, ['s_a', 's_b', 's_d']);
});

const MISTAKES: readonly [string, string, RegExp][] = [
  ['no version', 'source s { system(); };', /^\/etc\/ng\.conf has no line @version/],
  ['an old version', '@version: 3.7\n', /is of version 3\.7; the queue on disk needs 3\.8/],
  ['no source', '@version: 4.2\n', /no source that reads this machine's messages \(no source\)/],
  ['only others', '@version: 4.2\nsource s_net { network(); };', /\(only s_net\); name one with/],
  [
    'several',
    '@version: 4.2\nsource a { system(); }; source b { unix-stream("/x"); };',
    /several sources of this machine's messages: a, b; name the one to forward with --source/,
  ],
];

for (const [what, text, words] of MISTAKES) {
  test(`a configuration with ${what} is told`, () => {
    assert.throws(() => sourceOf(text), { message: words });
  });
}
