import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTable } from '@dcr-agent/schema';
import { columnsOfKey } from '../../../../packages/dcr-schema/src/security-log/cef-keys.ts';
import {
  cefDefect,
  parseCef,
} from '../../../../packages/dcr-schema/src/security-log/cef-message.ts';
import { securityLogColumns } from '../../../../packages/dcr-schema/src/security-log/security-log.ts';
import type { SecurityLogColumns } from '../../../../packages/dcr-schema/src/security-log/security-log-columns.ts';

const NOW_MS = Date.UTC(2025, 2, 1, 12);
const HEADER = 'CEF:0|Vendor|Product|1.0|100|Name|5|';

function extension(text: string): readonly (readonly [string, string])[] | undefined {
  return parseCef(`${HEADER}${text}`)?.extension;
}

/** Columns of an extension, without those of the header. */
function columns(text: string): SecurityLogColumns {
  const all = securityLogColumns(`${HEADER}${text}`, NOW_MS);
  const names = Object.keys(securityLogColumns(HEADER, NOW_MS));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

test('the header has seven fields, in which bars and backslashes are escaped', () => {
  const message = parseCef('CEF:1|Check \\| Point|A\\\\B|R80|id|a\\|b\\\\|Very-High|src=10.0.0.1');
  assert.deepEqual(message, {
    version: '1',
    deviceVendor: 'Check | Point',
    deviceProduct: 'A\\B',
    deviceVersion: 'R80',
    eventClassId: 'id',
    name: 'a|b\\',
    severity: 'Very-High',
    unkeyed: '',
    extension: [['src', '10.0.0.1']],
  });
});

test('the mark may be missing or followed by a blank, and the extension left away', () => {
  for (const mark of ['CEF:', 'CEF: ', '']) {
    for (const end of ['|', '']) {
      const message = parseCef(`${mark}0|Vendor|Product|1.0|100|Name|5${end}`);
      assert.deepEqual([message?.deviceVendor, message?.severity], ['Vendor', '5'], mark + end);
      assert.deepEqual(message?.extension, []);
    }
  }
});

test('what has no whole header is no CEF', () => {
  const broken = ['', 'CEF:', 'CEF:0', 'CEF:0|a|b|c|d|e', 'CEF:0|a|b|c|d|e|', 'CEF:x|a|b|c|d|e|1|'];
  for (const text of broken) assert.equal(parseCef(text), undefined, text);
  assert.equal(parseCef('LEEF:1.0|a|b|c|d|e|1|'), undefined);
});

test('a value ends where the next key begins, and may have blanks and lines', () => {
  assert.deepEqual(extension('src=10.0.0.1 msg=two words  and more   act=allow'), [
    ['src', '10.0.0.1'],
    ['msg', 'two words  and more'],
    ['act', 'allow'],
  ]);
  assert.deepEqual(extension('msg=first\nsecond\r\nthird\nfourth line act=a'), [
    ['msg', 'first\nsecond\r\nthird\nfourth line'],
    ['act', 'a'],
  ]);
  assert.deepEqual(extension('msg=sent\nas it is act=a'), [
    ['msg', 'sent\nas it is'],
    ['act', 'a'],
  ]);
});

test('an equals sign is part of a value where it is escaped, or no key stands before it', () => {
  assert.deepEqual(extension('msg=a\\=b c\\=d act=x'), [
    ['msg', 'a=b c=d'],
    ['act', 'x'],
  ]);
  assert.deepEqual(extension('request=https://h/p?a=b&c=d act=x'), [
    ['request', 'https://h/p?a=b&c=d'],
    ['act', 'x'],
  ]);
  // By the format's own rule: unescaped, it is a key.
  assert.deepEqual(extension('msg=user name=bob'), [
    ['msg', 'user'],
    ['name', 'bob'],
  ]);
});

test('escapes that the format does not have stay as they are', () => {
  assert.deepEqual(extension('filePath=C:\\\\temp\\x cs1=a\\|b cs2=\\'), [
    ['filePath', 'C:\\temp\\x'],
    ['cs1', 'a|b'],
    ['cs2', '\\'],
  ]);
});

test('keys fill the columns of their names, in the types of these', () => {
  assert.deepEqual(
    columns(
      'act=Deny spt=80 in=5000000000 cfp1=-1.5e3 cfp1Label=Risk cn1=7 cs6=six cs6Label=Six ' +
        'c6a2=2001:db8::1 externalId=42 start=Mar 01 2025 10:11:12 end=1740823872000 rt=any form',
    ),
    {
      DeviceAction: 'Deny',
      SourcePort: 80,
      ReceivedBytes: 5_000_000_000,
      DeviceCustomFloatingPoint1: -1500,
      DeviceCustomFloatingPoint1Label: 'Risk',
      DeviceCustomNumber1: 7,
      FieldDeviceCustomNumber1: 7,
      DeviceCustomString6: 'six',
      DeviceCustomString6Label: 'Six',
      DeviceCustomIPv6Address2: '2001:db8::1',
      ExternalID: 42,
      ExtID: '42',
      StartTime: '2025-03-01T10:11:12.000Z',
      EndTime: '2025-03-01T10:11:12.000Z',
      ReceiptTime: 'any form',
    },
  );
});

test('a value of the wrong type is null and stays visible', () => {
  assert.deepEqual(columns('spt=http dpt=99999999999 cfp1=x start=yesterday in=1.5'), {
    SourcePort: null,
    DestinationPort: null,
    DeviceCustomFloatingPoint1: null,
    StartTime: null,
    ReceivedBytes: null,
    AdditionalExtensions: 'spt=http;dpt=99999999999;cfp1=x;start=yesterday;in=1.5;',
  });
  assert.deepEqual(columns('cn2=5000000000 externalId=ab-1'), {
    DeviceCustomNumber2: null,
    FieldDeviceCustomNumber2: 5_000_000_000,
    ExternalID: null,
    ExtID: 'ab-1',
  });
  assert.deepEqual(columns('out=9223372036854775807'), { SentBytes: '9223372036854775807' });
  assert.deepEqual(columns('out=9223372036854775808').SentBytes, null);
});

test('a key that has no column, or comes again, is in AdditionalExtensions', () => {
  assert.deepEqual(columns('PanOSDGl1=root src=10.0.0.1 src=10.0.0.2 SRC=x ad.key[0]=y'), {
    SourceIP: '10.0.0.1',
    AdditionalExtensions: 'PanOSDGl1=root;src=10.0.0.2;SRC=x;ad.key[0]=y;',
  });
});

test('text without a key is kept, in front of what else has no column', () => {
  const texts: Record<string, string> = {
    'only free text': 'only free text;',
    'Foo Bar=baz': 'Foo;Bar=baz;',
    ' = a\\=b \n x=1 ': '= a=b;x=1;',
    ' two\\nlines': 'two\nlines;',
    '\\n': '\n;',
  };
  for (const [text, kept] of Object.entries(texts)) {
    assert.deepEqual(columns(text), { AdditionalExtensions: kept }, text);
    assert.equal(cefDefect(HEADER + text), 'unkeyed', text);
  }
  assert.deepEqual(columns('free text here src=1.2.3.4'), {
    SourceIP: '1.2.3.4',
    AdditionalExtensions: 'free text here;',
  });
  for (const text of ['', '  ', ' src=1', 'ad.key[0]=y', 'x= only a value']) {
    assert.equal(cefDefect(HEADER + text), undefined, text);
  }
  assert.equal(cefDefect(HEADER.slice(0, -1)), undefined);
});

test('severities have names, and their text is kept', () => {
  const named = (severity: string): unknown =>
    securityLogColumns(`CEF:0|v|p|1|2|n|${severity}|`, NOW_MS).LogSeverity;
  const names = Array.from({ length: 12 }, (_, n) => named(String(n)));
  assert.deepEqual(names, [
    ...Array(4).fill('Low'),
    ...Array(3).fill('Medium'),
    ...Array(2).fill('High'),
    ...Array(2).fill('Very-High'),
    '11',
  ]);
  assert.deepEqual(['Unknown', 'High', ''].map(named).slice(0, 2), ['Unknown', 'High']);
});

test('times may lack year, zone and fraction', () => {
  const time = (text: string): unknown => columns(`start=${text}`).StartTime;
  assert.equal(time('Mar 01 10:11:12'), '2025-03-01T10:11:12.000Z');
  assert.equal(time('Dec 31 23:59:59.5'), '2024-12-31T23:59:59.500Z');
  assert.equal(time('Feb 29 10:11:12'), '2024-02-29T10:11:12.000Z');
  assert.equal(time('Mar  1 2025 10:11:12.345 UTC'), '2025-03-01T10:11:12.345Z');
  assert.equal(time('Mar 01 2025 10:11:12 GMT+02:00'), '2025-03-01T08:11:12.000Z');
  assert.equal(time('2025-03-01T10:11:12.123456+01:00'), '2025-03-01T09:11:12.123Z');
  for (const none of ['Mar 32 2025 10:11:12', 'Feb 30 2025 10:11:12', 'Mai 01 2025 10:11:12']) {
    assert.equal(time(none), null, none);
  }
  assert.equal(time('Mar 01 2025 10:11:12 IST'), null, 'a zone that is not understood');
});

test('every column that a key fills is one of the table', () => {
  const table = findTable('CommonSecurityLog')!;
  const keys = 'act app cat cn1 cn3Label cs6 cs6Label cfp4 c6a4Label flexDate1 externalId suser';
  for (const key of keys.split(' ')) {
    const filled = columnsOfKey(key);
    assert.ok(filled.length > 0, key);
    for (const column of filled) assert.ok(table.columns.has(column), column);
  }
  assert.deepEqual(columnsOfKey('cs7'), []);
  assert.deepEqual(columnsOfKey('toString'), []);
});

test('a message that is broken is kept whole', () => {
  assert.deepEqual(securityLogColumns('CEF: broken', NOW_MS), { Message: 'CEF: broken' });
});
