/** CEF as it is printed is read back, and whatever comes makes columns that the table takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTable } from '@dcr-agent/schema';
import fc from 'fast-check';
import { cefDefect, parseCef } from '../../packages/dcr-schema/src/security-log/cef-message.ts';
import {
  securityLogColumns,
  securityLogItem,
} from '../../packages/dcr-schema/src/security-log/security-log.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 5_000);
const NOW_MS = Date.UTC(2025, 2, 1);

const field = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.trim());
const severity = fc.constantFrom('0', '3', '10', 'High', 'Very-High');
const key = fc.stringMatching(/^[A-Za-z][\w.]{0,12}$/);
/** Blanks around a value are nobody's. */
const value = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.trim());
const pairs = fc.array(fc.tuple(key, value), { maxLength: 6 });

function printCef(
  header: readonly string[],
  extension: readonly (readonly [string, string])[],
): string {
  const escaped = header.map((text) => text.replace(/[\\|]/g, '\\$&'));
  const printed = extension.map(([name, text]) => `${name}=${printValue(text)}`).join(' ');
  return `CEF:${escaped.join('|')}|${printed}`;
}

function printValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

test('what is printed as CEF is read back', () => {
  fc.assert(
    fc.property(field, field, field, field, field, severity, pairs, (...printed) => {
      const [vendor, product, version, id, name, level, extension] = printed;
      const text = printCef(['0', vendor, product, version, id, name, level], extension);
      assert.deepEqual(parseCef(text), {
        version: '0',
        deviceVendor: vendor,
        deviceProduct: product,
        deviceVersion: version,
        eventClassId: id,
        name,
        severity: level,
        unkeyed: '',
        extension,
      });
    }),
    { numRuns },
  );
});

const piece = fc.constantFrom(
  ...'CEF: 0| | \\| \\\\ \\n = \\= src= dpt= cn1= start= cs1Label= 10.0.0.1 99999999999 1.5 %ASA-6-302013: %ASA-4-106023: '.split(
    ' ',
  ),
  'Built inbound TCP connection 9 for outside:',
  '1.2.3.4/5 (1.2.3.4/5) to inside:',
  'Deny tcp src outside:1.2.3.4/5 dst inside:6.7.8.9/10 by access-group "a"',
  ' ',
  '\n',
);
const scrambled = fc
  .array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 30 })
  .map((parts) => parts.join(''));

test('whatever comes makes columns of the table, in their types', () => {
  const { columns: table } = findTable('CommonSecurityLog')!;
  fc.assert(
    fc.property(
      fc.constantFrom('', 'CEF:0|a|b|c|d|e|1|', '%ASA-6-302013: '),
      scrambled,
      (start, text) => {
        const message = start + text;
        for (const [name, cell] of Object.entries(securityLogColumns(message, NOW_MS))) {
          const type = table.get(name);
          assert.ok(type !== undefined, name);
          if (cell === null) continue;
          if (type === 'int')
            assert.ok(Number.isInteger(cell) && Math.abs(cell as number) <= 2 ** 31);
          if (type === 'datetime') assert.ok(!Number.isNaN(Date.parse(String(cell))));
          if (type === 'string') assert.equal(typeof cell, 'string', name);
        }
      },
    ),
    { numRuns },
  );
});

test('nothing of an extension is lost: a value is in a column or in AdditionalExtensions', () => {
  const known = fc.constantFrom(
    'src',
    'spt',
    'in',
    'cn1',
    'cfp1',
    'start',
    'externalId',
    'cs1',
    'x',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(known, fc.constantFrom('7', 'a b', '0x1f', '-1', '1.5')), { maxLength: 8 }),
      (extension) => {
        const text = printCef(['0', 'v', 'p', '1', 'i', 'n', '1'], extension);
        const columns = securityLogColumns(text, NOW_MS);
        const held = JSON.stringify(Object.values(columns));
        for (const [, said] of extension) assert.ok(held.includes(said), said);
      },
    ),
    { numRuns },
  );
});

test('text without a key is told of and kept', () => {
  fc.assert(
    fc.property(scrambled, (text) => {
      const message = `CEF:0|v|p|1|i|n|1|${text}`;
      const { unkeyed } = parseCef(message)!;
      assert.equal(cefDefect(message) === 'unkeyed', unkeyed !== '', JSON.stringify(text));
      if (unkeyed === '') return;
      const { AdditionalExtensions } = securityLogColumns(message, NOW_MS);
      assert.ok(String(AdditionalExtensions).startsWith(`${unkeyed};`));
    }),
    { numRuns },
  );
});

test('an item carries its message to the end', () => {
  fc.assert(
    fc.property(fc.constantFrom('CEF', 'app', '%ASA-6-302013', ''), scrambled, (ident, text) => {
      for (const kind of ['cef', 'asa'] as const) {
        const item = securityLogItem(kind, ident, text);
        if (item === undefined) continue;
        // Between the mark and the version there may have been a blank.
        const end = text.split(':').at(-1)!.trimStart();
        assert.ok(item.message.endsWith(end), item.message);
      }
    }),
    { numRuns },
  );
});
