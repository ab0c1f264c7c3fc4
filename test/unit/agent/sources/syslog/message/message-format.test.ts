import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyslogMessage } from '../../../../../../packages/agent/src/sources/syslog/message/message.ts';
import {
  formatOf,
  type MessageFormat,
} from '../../../../../../packages/agent/src/sources/syslog/message/message-format.ts';

const MESSAGES: readonly [MessageFormat, string][] = [
  ['rfc5424', '<34>1 2003-10-11T22:14:15.003Z host app 8710 ID47 - text'],
  ['rfc5424', '<34>1 - host app - - [x@1 a="b"] text'],
  ['rfc3164', '<34>Oct 11 22:14:15 host su: text'],
  ['rfc3164', 'Oct 11 22:14:15 host su: text'],
  ['rfc3164-iso', '<34>2025-03-01T10:11:12.123456+01:00 host su: text'],
  ['rfc3164-variant', '<34>Mar 01 2025 10:11:12 host su: text'],
  ['cisco', '<189>29: sw1: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured'],
  ['cisco', '<189>: 2025 Mar  1 10:11:12 UTC: %ETHPORT-5-IF_UP: up'],
  ['cisco', '<189>Mar  1 10:11:12 sw1 %LINK-3-UPDOWN: down'],
  ['cisco-asa', '<166>Mar  1 10:11:12 fw01 : %ASA-6-302013: Built'],
  ['meraki', '<134>1 1563249630.774247467 mx84 flows src=10.0.0.1'],
  ['aix', '<13>Mar  1 10:11:12 Message forwarded from db01: su: text'],
  ['key-value', '<189>date=2025-03-01 time=10:11:12 devname="FGT60" tz="+0100"'],
  ['cef', '<134>Mar  1 10:11:12 host CEF:0|Vendor|Product|1|100|Name|5|src=1.2.3.4'],
  ['cef', '<134>1 2025-03-01T10:11:12Z host app - - - CEF:0|Vendor|Product|1|100|Name|5|'],
  ['leef', '<134>Mar  1 10:11:12 host LEEF:2.0|Vendor|Product|1|100|^|src=1.2.3.4'],
  ['no-time', '<13>su: text'],
  ['none', 'su: text'],
  ['none', ''],
];

for (const [format, text] of MESSAGES) {
  test(`${format}: ${text.slice(0, 60)}`, () => {
    const message = new SyslogMessage((wallMs) => wallMs);
    const bytes = Buffer.from(text);
    message.become(bytes, 0, bytes.length, {
      receivedAtMs: Date.UTC(2025, 2, 2),
      senderAddress: '',
    });
    assert.equal(formatOf(message, text), format);
  });
}
