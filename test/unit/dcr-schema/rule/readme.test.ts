import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatDiagnostic } from '../../../../packages/dcr-schema/src/diagnostic.ts';
import { parseRule } from '../../../../packages/dcr-schema/src/rule/parse-rule.ts';

test('the example of the README prints what the README says', () => {
  const file = new URL('../../../../packages/dcr-schema/src/rule/README.md', import.meta.url);
  const code = /```ts\n(.*?)```/s.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const text = /parseRule\('(.*)'\)/.exec(code)?.[1] ?? '';
  const said = [...code.matchAll(/^\/\/ (.*?)…?$/gm)].map((line) => line[1] ?? '');
  const printed = parseRule(text).diagnostics.map((d) => formatDiagnostic(d, 'rule.json'));
  assert.equal(printed.length, said.length);
  printed.forEach((line, i) => {
    assert.ok(line.startsWith(said[i] ?? ''), `${line}\n${said[i]}`);
  });
});
