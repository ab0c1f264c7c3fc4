import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  arrayItems,
  joinedArrayText,
  scalarText,
  scalarValue,
} from '../../../../packages/agent/src/eventlog/value.ts';
import { encodeArray, encodeScalar, type ScalarType } from '../../../support/evtx-writer/values.ts';

/** Reads what was written, from the middle of other bytes. */
function read(type: ScalarType, text: string): string {
  const { typeCode, bytes } = encodeScalar(type, text);
  const around = Buffer.concat([Buffer.from([0xaa, 0xbb, 0xcc]), bytes, Buffer.from([0xdd])]);
  return scalarText(around, typeCode, 3, bytes.length);
}

function readHex(type: number, hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  return scalarText(bytes, type, 0, bytes.length);
}

test('integers of every width are exact at both ends of their range', () => {
  const cases: [ScalarType, string][] = [
    ['int8', '-128'],
    ['int8', '127'],
    ['uint8', '255'],
    ['int16', '-32768'],
    ['uint16', '65535'],
    ['int32', '-2147024894'],
    ['int32', '-2147483648'],
    ['uint32', '4294967295'],
    ['int64', '-9223372036854775808'],
    ['int64', '-1'],
    ['int64', '9223372036854775807'],
    ['uint64', '18446744073709551615'],
    ['uint64', '9007199254740993'],
    ['uint64', '9007199254740991'],
  ];
  for (const [type, text] of cases) assert.equal(read(type, text), text, `${type} ${text}`);
});

test('hexadecimal is lower case without leading zeros', () => {
  assert.equal(read('hex32', '0x3e7'), '0x3e7');
  assert.equal(read('hex32', '0xffffffff'), '0xffffffff');
  assert.equal(read('hex32', '0'), '0x0');
  assert.equal(read('hex64', '0x8020000000000000'), '0x8020000000000000');
  assert.equal(read('hex64', '0x100000001'), '0x100000001');
  assert.equal(read('hex64', '0x3E7'), '0x3e7');
  assert.equal(readHex(0x10, '0000000001000000'), '0x100000000');
  assert.equal(readHex(0x10, 'ff000000'), '0xff');
});

test('a FILETIME keeps every tick of 100 ns', () => {
  const times = [
    '2025-06-08T07:12:52.1635583Z',
    '1601-01-01T00:00:00.0000000Z',
    '1969-12-31T23:59:59.9999999Z',
    '2000-02-29T00:00:00.0000001Z',
    '9999-12-31T23:59:59.9999999Z',
  ];
  for (const time of times) assert.equal(read('filetime', time), time);
});

test('a FILETIME beyond the year 9999 is printed as the last instant there is', () => {
  assert.equal(readHex(0x11, 'ffffffffffffffff'), '9999-12-31T23:59:59.9999999Z');
  assert.equal(readHex(0x11, '0040c0d15e5ac824'), '9999-12-31T23:59:59.9999999Z');
});

test('a SYSTEMTIME has three fraction digits', () => {
  assert.equal(read('systemtime', '2025-06-08T07:12:52.007Z'), '2025-06-08T07:12:52.007Z');
});

test('floats are printed as %g prints them', () => {
  const doubles: [string, string][] = [
    ['1.5', '1.5'],
    ['0', '0'],
    ['-0', '-0'],
    ['100000', '100000'],
    ['1e15', '1e+15'],
    ['123456789012345', '123456789012345'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['1e300', '1e+300'],
    ['-2.25e-7', '-2.25e-07'],
    ['0.1', '0.1'],
    ['NaN', '-1.#IND'],
    ['Infinity', '1.#INF'],
    ['-Infinity', '-1.#INF'],
  ];
  for (const [value, text] of doubles) assert.equal(read('double', value), text, value);
  assert.equal(read('float', '0.1'), '0.1');
  assert.equal(read('float', '1234567'), '1.23457e+06');
});

test('a float half-way between two texts goes to the even digit', () => {
  assert.equal(read('float', '100000.5'), '100000');
  assert.equal(read('float', '100001.5'), '100002');
  assert.equal(read('float', '-100000.5'), '-100000');
});

test('any bit makes a boolean true', () => {
  assert.equal(read('boolean', 'true'), 'true');
  assert.equal(read('boolean', 'false'), 'false');
  assert.equal(readHex(0x0d, '00000080'), 'true');
  assert.equal(readHex(0x0d, '01'), 'true');
});

test('GUIDs are lower case in braces, SIDs as S-R-I-S, bytes upper case', () => {
  const guid = '{54849625-5478-4994-a5ba-3e3b0328c30d}';
  assert.equal(read('guid', guid.toUpperCase()), guid);
  assert.equal(read('sid', 'S-1-5-18'), 'S-1-5-18');
  assert.equal(read('sid', 'S-1-5-21-4294967295-0-1001'), 'S-1-5-21-4294967295-0-1001');
  assert.equal(readHex(0x13, '0100ffffffffffff'), 'S-1-0xffffffffffff');
  assert.equal(read('binary', '00ff10'), '00FF10');
});

test('a string ends at its terminator when it has one', () => {
  assert.equal(read('string', 'Advapi  \0'), 'Advapi  ');
  assert.equal(read('string', 'a\0b\0\0'), 'a');
  assert.equal(read('string', 'a\0b'), 'a\0b', 'no terminator: the whole value');
  assert.equal(read('string', ''), '');
  assert.equal(read('string', '\0'), '');
});

test('a string is always well-formed', () => {
  assert.equal(read('string', 'x\ud800y'), 'x\ufffdy');
  assert.equal(read('string', '\u{1f600}'), '\u{1f600}');
  assert.equal(readHex(0x01, '410042'), 'A\ufffd', 'half a character');
});

test('an ANSI string is Windows-1252 without its terminators', () => {
  assert.equal(readHex(0x02, '80e98100'), '€é\ufffd');
});

test('an empty value prints nothing, whatever its type', () => {
  for (let type = 0; type <= 0x21; type++)
    assert.equal(scalarText(Buffer.alloc(8), type, 4, 0), '');
});

test('a value too short for its type is shown as bytes, and so is an unknown type', () => {
  for (const type of [0x05, 0x08, 0x0a, 0x0c, 0x0f, 0x11, 0x12, 0x13]) {
    assert.deepEqual(scalarValue(Buffer.from('ab', 'hex'), type, 0, 1), {
      type: 'binary',
      text: 'AB',
    });
  }
  assert.equal(readHex(0x7f, 'beef'), 'BEEF');
  assert.equal(readHex(0x13, '01ff00000000000512000000'), '01FF00000000000512000000', 'SID');
});

test('values keep the kind of their type', () => {
  const kinds: [ScalarType, string, string][] = [
    ['int32', '-1', 'int'],
    ['uint16', '1', 'uint'],
    ['double', '1', 'float'],
    ['boolean', 'true', 'boolean'],
    ['guid', '{54849625-5478-4994-a5ba-3e3b0328c30d}', 'guid'],
    ['hex32', '1', 'hex'],
    ['size', '1', 'hex'],
    ['filetime', '2025-06-08T07:12:52.1635583Z', 'time'],
    ['sid', 'S-1-5-18', 'sid'],
    ['string', 'x', 'string'],
    ['ansiString', 'x', 'string'],
  ];
  for (const [type, text, kind] of kinds) {
    const { typeCode, bytes } = encodeScalar(type, text);
    assert.equal(scalarValue(bytes, typeCode, 0, bytes.length).type, kind, type);
  }
});

test('arrays are taken apart by their item type', () => {
  const items = (type: ScalarType, texts: string[]): string[] => {
    const { typeCode, bytes } = encodeArray(type, texts);
    return arrayItems(bytes, typeCode, 0, bytes.length).map(({ text }) => text);
  };
  assert.deepEqual(items('string', ['a', '', 'c']), ['a', '', 'c']);
  assert.deepEqual(items('string', []), []);
  assert.deepEqual(items('uint16', ['1', '65535']), ['1', '65535']);
  assert.deepEqual(items('sid', ['S-1-5-18', 'S-1-5-21-1-2-3']), ['S-1-5-18', 'S-1-5-21-1-2-3']);
  assert.deepEqual(items('hex64', ['0x1', '0xff']), ['0x1', '0xff']);
  assert.deepEqual(items('size', ['0x1', '0xff']), ['0x1', '0xff']);
});

test('an array of strings may lack its last terminator', () => {
  const bytes = Buffer.from('a\0b', 'utf16le');
  assert.equal(joinedArrayText(bytes, 0x81, 0, bytes.length), 'a, b');
});

test('what is left over behind the last whole item of an array is ignored', () => {
  const bytes = Buffer.from('01000200ff', 'hex');
  assert.equal(joinedArrayText(bytes, 0x86, 0, bytes.length), '1, 2');
});

test('an array whose items cannot be told apart is one item of bytes', () => {
  const bytes = Buffer.from('00ff10', 'hex');
  assert.deepEqual(arrayItems(bytes, 0x8e, 0, 3), [{ type: 'binary', text: '00FF10' }]);
});
