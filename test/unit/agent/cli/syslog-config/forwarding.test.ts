import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DaemonName } from '../../../../../packages/agent/src/cli/syslog-config/daemon.ts';
import { readForwarding } from '../../../../../packages/agent/src/cli/syslog-config/forwarding.ts';
import { rsyslogDropIn } from '../../../../../packages/agent/src/cli/syslog-config/rsyslog-drop-in.ts';
import { syslogNgDropIn } from '../../../../../packages/agent/src/cli/syslog-config/syslog-ng-drop-in.ts';

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
