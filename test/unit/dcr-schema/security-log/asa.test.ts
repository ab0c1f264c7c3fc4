import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTable } from '@dcr-agent/schema';
import { securityLogColumns } from '../../../../packages/dcr-schema/src/security-log/security-log.ts';
import { KNOWN_ASA_MESSAGES } from './known-asa-messages.ts';

for (const [tag, text, columns] of KNOWN_ASA_MESSAGES) {
  test(`${tag}: ${text.slice(0, 60)}`, () => {
    const [, level, id] = tag.split('-');
    const whole = {
      DeviceVendor: 'Cisco',
      DeviceProduct: 'ASA',
      DeviceEventClassID: id,
      LogSeverity: level,
      OriginalLogSeverity: level,
      Message: text,
      ...columns,
    };
    assert.deepEqual(securityLogColumns(`${tag}: ${text}`, 0), whole);
    const table = findTable('CommonSecurityLog')!;
    for (const name of Object.keys(whole)) assert.ok(table.columns.has(name), name);
  });
}

test('the tag may name a class, and an address may be a name', () => {
  const text =
    'Built inbound TCP connection 9 for outside:host.example/4242 (host.example/4242) to inside:srv-1/443 (srv-1/443)';
  const columns = securityLogColumns(`%ASA-session-6-302013: ${text}`, 0);
  assert.deepEqual([columns.SourceIP, columns.DestinationIP], ['host.example', 'srv-1']);
});

test('what only looks like a tag is kept whole', () => {
  const ids = ['%ASA-9-302013: x', '%ASA-6-3020: x', '%ASA-6-3020131111: x', '%ASA-6-302013 x'];
  for (const message of [...ids, '%FTD-6-302013: x', '%ASA: x']) {
    assert.deepEqual(securityLogColumns(message, 0), { Message: message });
  }
});
