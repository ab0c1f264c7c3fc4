import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DaemonName } from '../../../../../packages/agent/src/cli/syslog-config/daemon.ts';
import {
  type Forwarding,
  readForwardings,
} from '../../../../../packages/agent/src/cli/syslog-config/forwarding.ts';
import { rsyslogDropIn } from '../../../../../packages/agent/src/cli/syslog-config/rsyslog-drop-in.ts';
import { syslogNgDropIn } from '../../../../../packages/agent/src/cli/syslog-config/syslog-ng-drop-in.ts';

function readForwarding(daemon: DaemonName, text: string): Forwarding {
  const [forwarding, ...others] = readForwardings(daemon, text);
  assert.deepEqual(others, []);
  return forwarding;
}

const HERE = { host: '127.0.0.1', port: 28_330 };
const RSYSLOG = rsyslogDropIn(HERE);
const SYSLOG_NG = syslogNgDropIn(HERE, 's_src');

test('what is printed has no faults, and names its address', () => {
  for (const address of [
    HERE,
    { host: '::1', port: 514 },
    { host: 'collector.test', port: 6514 },
  ]) {
    const rsyslog = readForwarding('rsyslog', rsyslogDropIn(address, '/var/spool/a b'));
    assert.deepEqual(rsyslog, { target: address, faults: [] });
    const syslogNg = readForwarding('syslog-ng', syslogNgDropIn(address, 's_sys', '/var/x'));
    assert.deepEqual(syslogNg, { target: address, faults: [] });
  }
});

const FAULTS: readonly [DaemonName, string, RegExp][] = [
  ['rsyslog', RSYSLOG.replace('protocol="tcp"', 'protocol="udp"'), /sends by UDP/],
  ['rsyslog', RSYSLOG.replace('queue.type="LinkedList"', ''), /no queue on disk/],
  ['rsyslog', RSYSLOG.replace('queue.filename="dcr-agent"', ''), /no queue on disk/],
  ['rsyslog', RSYSLOG.replace('LinkedList', 'Direct'), /no queue on disk/],
  ['rsyslog', RSYSLOG.replace('OnShutdown="on"', 'OnShutdown="off"'), /queue is not saved/],
  ['rsyslog', RSYSLOG.replace('RetryCount="-1"', 'RetryCount="3"'), /does not try for ever/],
  ['rsyslog', RSYSLOG.replace(/^(?=.)/gm, '# '), /nothing in it forwards/],
  ['rsyslog', 'action(type="omfile" file="/var/log/a")', /nothing in it forwards/],
  ['rsyslog', '', /nothing in it forwards/],
  ['syslog-ng', SYSLOG_NG.replace(/disk-buffer\(.*\)/, ''), /no queue on disk/],
  ['syslog-ng', SYSLOG_NG.replace('reliable(yes)', 'reliable(no)'), /queue is not reliable/],
  ['syslog-ng', SYSLOG_NG.replace('"tcp"', '"udp"'), /sends by UDP/],
  ['syslog-ng', SYSLOG_NG.replace(/^log .*$/m, ''), /no log statement .* d_dcr_agent/],
  ['syslog-ng', SYSLOG_NG.replace(/^(?=.)/gm, '# '), /nothing in it forwards/],
];

for (const [daemon, text, words] of FAULTS) {
  test(`${daemon}: ${words.source} is told`, () => {
    const { faults } = readForwarding(daemon, text);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0]!, words);
  });
}

test('a drop-in of a form of its own is read, defaults and all', () => {
  const rsyslog = `Action ( Type="omfwd" TARGET="::1" Protocol="TCP"  # a comment ")"
    Queue.Type="linkedlist" Queue.FileName="q" Queue.SaveOnShutdown="on"
    Action.ResumeRetryCount="-1")`;
  assert.deepEqual(readForwarding('rsyslog', rsyslog), {
    target: { host: '::1', port: 514 },
    faults: [],
  });
  const syslogNg = `destination d { syslog(localhost disk-buffer(reliable("yes"))); };
    log { source(s_src); destination("d"); };`;
  assert.deepEqual(readForwarding('syslog-ng', syslogNg), {
    target: { host: 'localhost', port: 601 },
    faults: [],
  });
});

const CLASSIC_QUEUE = `$ActionQueueType LinkedList
$ActionQueueFileName fwd
$ActionQueueSaveOnShutdown on
$ActionResumeRetryCount -1
`;

test('the classic form is read, with the directives in front of it', () => {
  for (const [line, host, port] of [
    ['*.* @@127.0.0.1:21514', '127.0.0.1', 21_514],
    ['*.*\t@@(o)localhost:21514;RSYSLOG_ForwardFormat', 'localhost', 21_514],
    ['*.* @@(z9)[::1]:601', '::1', 601],
    [':msg, contains, "a @@b:1 c" @@collector.test', 'collector.test', 514],
    ['*.* /var/log/a\n& @@10.0.0.1:514', '10.0.0.1', 514],
  ] as const) {
    const read = readForwarding('rsyslog', `${CLASSIC_QUEUE}${line}\n`);
    assert.deepEqual(read, { target: { host, port }, faults: [] }, line);
  }
  const without = readForwarding('rsyslog', '*.* @@127.0.0.1:21514');
  assert.match(without.faults.join('\n'), /no queue on disk.*\n.*does not try for ever/);
  assert.match(readForwarding('rsyslog', '*.* @127.0.0.1:514').faults.join(), /sends by UDP/);
});

test('each forwarder of a file is read by itself, in their order', () => {
  const rsyslog = `${CLASSIC_QUEUE}*.* @@siem.test:6514\n*.* @@siem2.test:6514\n${RSYSLOG}`;
  assert.deepEqual(
    readForwardings('rsyslog', rsyslog).map(({ target, faults }) => [target?.host, faults.length]),
    [
      ['siem.test', 0],
      ['siem2.test', 2],
      ['127.0.0.1', 0],
    ],
  );
  const file = 'destination d_file { file("/x/}y"); };';
  const siem = 'destination d_siem { network("siem.test" template("}")); };';
  assert.deepEqual(
    readForwardings('syslog-ng', `${file}\n${siem}\n${SYSLOG_NG}`).map(({ target }) => target),
    [{ host: 'siem.test', port: 514 }, HERE],
  );
});
