import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discardOfEverything } from '../../../../../packages/agent/src/cli/syslog-config/discards.ts';

for (const text of [
  '*.* stop',
  '*.*\t~ # gone',
  '*.debug stop',
  'stop',
  '*.* /var/log/all\n& stop',
  '*.* action(type="omfile"\n  file="/x") & ~',
  '*.* {\n  action(type="omfile" file="/x")\n  stop\n}',
  'if $msg contains "then" then { stop }\n*.* stop',
  '$RuleSet remote\n*.* stop\n$RuleSet RSYSLOG_DefaultRuleset\n*.* stop',
]) {
  test(`${JSON.stringify(text)} leaves nothing`, () => {
    assert.match(discardOfEverything(text) ?? 'nothing', /stop|~/);
  });
}

for (const text of [
  '',
  '# *.* stop',
  '/* *.* stop */',
  'mail.* stop',
  '*.*;auth.none stop',
  '*.* /var/log/all\nmail.* /var/log/mail\n& stop',
  ':msg, contains, "noise" stop',
  ':msg, contains, "noise"\nstop',
  'if $msg contains "*.*" then stop',
  'if $msg contains "a" then\n  stop',
  'if $msg contains "a" then {\n  *.* stop\n} else {\n  stop\n}',
  'ruleset(name="remote") {\n  *.* /x\n  stop\n}',
  '$RuleSet remote\n*.* stop',
]) {
  test(`${JSON.stringify(text)} leaves something`, () => {
    assert.equal(discardOfEverything(text), undefined);
  });
}
