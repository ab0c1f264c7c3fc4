import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { checkTransform } from '../../../../packages/dcr-schema/src/kql/check-transform.ts';
import {
  TRANSFORM_CODES,
  type TransformCode,
} from '../../../../packages/dcr-schema/src/kql/codes.ts';
import type { TransformInput } from '../../../../packages/dcr-schema/src/kql/transform-report.ts';
import { SAMPLE_INPUT } from './sample-input.ts';

const README = new URL('../../../../packages/dcr-schema/src/kql/README.md', import.meta.url);

const BUILT_IN: TransformInput = {
  ...SAMPLE_INPUT,
  table: {
    name: 'Syslog',
    isBuiltIn: true,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'EventId', type: 'guid' },
      { name: 'Count', type: 'int' },
      { name: 'Size', type: 'double' },
      { name: 'Flag', type: 'bool' },
      { name: 'Details', type: 'dynamic' },
      { name: 'SyslogMessage', type: 'string' },
    ],
  },
};

/** Texts with one mistake each; `§` stands before its place. */
const MISTAKES: Readonly<Record<TransformCode, readonly string[]>> = {
  TRANSFORM_SYNTAX: [
    'source | where Level == §"open',
    "source | where Level == 'it's §'",
    'source | where Level == §“x”',
    'source | where Code > 1 §&& Code < 5',
    'source §|| where Code > 1',
    "source | extend a = extract('§\\d', 0, Message)",
    'source | where §(Code > 1',
    'source | where Code > 1§)',
    'source | where Code in (1, 2§]',
    'source §|',
    'source §| | where Code > 1',
    'source | where Code > 1 §|',
    'source | §where',
    'source | §extend',
    'source | extend a = 1§,',
    'source | extend §, a = 1',
    'source | project TimeGenerated§, , Level',
    'source | where Code §==',
    'source | where §== 1',
    'source | where Code §> > 1',
    'source | where Code §== and Level == "x"',
    'source | where Level §"x"',
    'source | where Level == "x" §AND Code == 1',
    'source | where not §Level has "x"',
    'source | where §!isempty(Level)',
    'source | where Level §!hsa "x"',
    'source | where Level §matches "x"',
    'source | where Level §= "x"',
    'source | extend a = iff(Level §= "x", 1, 2)',
    'source | where Level == "x"§, Code == 1',
    'source | extend a = tostring(Code§,)',
    'source | extend a = strcat(Level §Message)',
    'source | extend a = §()',
    'source | extend a = §[1, 2]',
    'source | extend a = Body§. == 1',
    'source | project §*',
    'source | project-rename New = Level, §Code',
    'source | project-away Level §Code',
    'source | §parse Message "a" X',
    'source | §parse with "a" X',
    'source | parse Message with "a" X:§lon',
    'source | parse Message with "a" §+ X',
    'source §where Code > 1',
    'source | §print x = 1',
    'source | §1',
    '§where Code > 1',
    '§| where Code > 1',
    '§Source | where Code > 1',
    '§Syslog | where Code > 1',
    '§"source" | where Code > 1',
    'let a = 5§;',
    '§let = 5; source',
    'let §a = ; source',
    "let a = parse_json('{}') §source | where Code > 1",
    'let a = 1\n§source | where Code > 1',
    'let f = (x:string) { tosring(x) §x }; source',
    'let f = (x:string) { strcat(x§,) }; source | extend b = f(Level)',
  ],
  TRANSFORM_OPERATOR_UNSUPPORTED: [
    'source | §summarize count() by Level',
    'source | §join other on Level',
    'source | §union other',
    '§union source, other',
    'source | §mv-expand Body',
    'source | §sort by TimeGenerated desc',
    'source | §take 10',
    'source | §project-keep Level',
    'source | §project-reorder Level',
    'source | §parse-kv Message as (a:string)',
    'source | §count',
    'source | §Where Code > 1',
    'source | §wehre Code > 1',
    'source | §constructor',
  ],
  TRANSFORM_FUNCTION_UNSUPPORTED: [
    'source | extend a = §coalesce(Level, Message)',
    'source | extend a = §column_ifexists("Level", "")',
    'source | extend a = strcat(§replace_string(Level, "a", "b"), "x")',
    'source | extend a = §count()',
    'source | where Code == §max(Code)',
  ],
  TRANSFORM_FUNCTION_UNKNOWN: [
    'source | extend a = §tosring(Code)',
    'source | extend a = §ToString(Code)',
    'source | where isempty(§if(Code > 1, 1, 2))',
    'source | extend a = §constructor(Code), b = §__proto__(Code)',
    'let f = (x:string) { §tolowr(x) }; source | extend b = f(Level)',
  ],
  TRANSFORM_COLUMN_UNKNOWN: [
    'source | extend a = §level',
    'source | where §Lvl == "x" and Lvl == "y"',
    'source | extend a = §client-ip',
    "source | extend a = §['client']",
    'source | extend a = 1, b = §a',
    'source | project TimeGenerated | where §Code > 1',
    'source | project-away Level | extend a = tolower(§Level)',
    'source | project-away §Lvl',
    'source | project-rename L = Level | where §Level == "x"',
    'source | project-rename L = §Lvl',
    'source | parse §Msg with "a" X',
    'source | extend a = §toString',
    'let limit = §Code; source',
    'let T = source | project TimeGenerated; T | where §Code > 1',
  ],
  TRANSFORM_NO_TIME_GENERATED: [
    'source | §project Level',
    'source | where Code > 1 | §project-away Time* | extend a = 1',
    'source | §project-rename Time = TimeGenerated',
    '§print a = 1',
    'let T = source | project Level; §T',
  ],
  TRANSFORM_TIME_GENERATED_TYPE: [
    'source | extend §TimeGenerated = Level',
    'source | project §TimeGenerated = tostring(TimeGenerated)',
    'source | project §TimeGenerated = iff(Code > 1, Body.time, Body.at)',
    "source | extend §['TimeGenerated'] = 1",
    'source | parse Message with §TimeGenerated " " *',
    'source | project-away TimeGenerated | project-rename §TimeGenerated = Level',
  ],
  TRANSFORM_OUTPUT_TYPE: [
    'source | extend §EventId = Level',
    'source | extend §EventId = tostring(Code)',
    'source | extend §SyslogMessage = todatetime(Level)',
    'source | extend §Count = todouble(Code)',
    'source | extend §Flag = "true"',
    'source | parse Message with §Size " " *',
    'source | extend §SyslogMessage = Code > 1',
  ],
  TRANSFORM_FUNCTION_UNLISTED: [
    'source | extend a = §trim(" ", Level), b = trim("x", Level)',
    'source | where §ipv4_is_private(Level)',
    'source | extend a = §geo_point_to_s2cell(1, 2), b = §series_stats(Body)',
    'source | extend a = §toscalar(source | project Level)',
    'source | extend a = §base64_encode_tostring(Level)',
  ],
  TRANSFORM_STRING_OPERATOR_UNLISTED: [
    'source | where Level §in~ ("a")',
    'source | where Level §!in~ ("a", "b")',
    'source | where Level §has_any ("a", "b") and Code > 1',
    'source | where Code §between (1 .. 5)',
    'source | where Level §hasprefix "a" or Level hasprefix "b"',
    'source | where Level §<> "a"',
  ],
  TRANSFORM_PARSE_COLUMNS: [
    'source | §parse Message with a " " b " " c " " d " " e " " f " " g " " h " " i " " j " " k',
    'source | §parse kind=regex Message with a "," b "," c "," d "," e "," f "," g "," h "," i "," j "," k "," l',
  ],
  TRANSFORM_DYNAMIC_LITERAL: [
    'source | extend a = §dynamic({"a": [1, 2]})',
    'let m = §dynamic(["a", "b"]); source | where Level in (m)',
  ],
  TRANSFORM_COLUMN_NAME: [
    "source | project-away ['client-ip'] | extend §Type = Level, Extra = 1",
    "source | project TimeGenerated, §['my level'] = Level, §_Own = Code",
    `source | project TimeGenerated, §A = Level, §${'x'.repeat(46)} = Code`,
  ],
  TRANSFORM_COLUMN_ADDED: [
    'source | extend §Extra = 1',
    'source | project TimeGenerated, §syslogMessage = Message',
    'source | parse Message with §Word " " *',
  ],
};

const CUSTOM_TABLE = { name: 'App_CL', isBuiltIn: false };

const NEEDS_TABLE: ReadonlySet<string> = new Set([
  'TRANSFORM_OUTPUT_TYPE',
  'TRANSFORM_COLUMN_ADDED',
]);

function inputFor(code: string): TransformInput {
  if (code === 'TRANSFORM_COLUMN_NAME') return { ...SAMPLE_INPUT, table: CUSTOM_TABLE };
  return NEEDS_TABLE.has(code) ? BUILT_IN : SAMPLE_INPUT;
}

describe('each mistake is told once, with its code and at its place:', () => {
  for (const [code, texts] of Object.entries(MISTAKES)) {
    for (const marked of texts) {
      test(`${code} ${marked}`, () => {
        const [, ...units] = marked
          .split('§')
          .map((_, i, parts) => parts.slice(0, i).join('').length);
        const input = inputFor(code);
        const { findings } = checkTransform(marked.replaceAll('§', ''), input);
        assert.deepEqual(
          findings.map((finding) => [finding.code, finding.unit]),
          units.map((unit) => [code, unit]),
        );
        for (const { message, hint } of findings) {
          assert.match(message, /^\S.*[^.\s]$/);
          assert.notEqual(hint, '');
        }
      });
    }
  }
});

test('every code has two texts or more', () => {
  assert.deepEqual(Object.keys(MISTAKES), Object.keys(TRANSFORM_CODES));
  assert.ok(Object.values(MISTAKES).every((texts) => texts.length >= 2));
});

test('the table of the README is the catalogue', () => {
  const rows = readFileSync(README, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `TRANSFORM_'));
  const expected = Object.entries(TRANSFORM_CODES).map(
    ([code, { severity, meaning, service }]) =>
      `| \`${code}\` | ${severity} | ${meaning} | ${service === undefined ? '' : `\`${service}\``} |`,
  );
  assert.deepEqual(rows, expected);
});

test('the example of the README prints what the README says', () => {
  const code = /```ts\n(.*?)```/s.exec(readFileSync(README, 'utf8'))?.[1] ?? '';
  const text = /"(source .*)"/.exec(code)?.[1] ?? '';
  const said = [...code.matchAll(/^\/\/ (.*)$/gm)].map((line) => line[1]);
  const { findings } = checkTransform(text, {
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Message', type: 'string' },
    ],
  });
  assert.equal(said.length, 2);
  assert.deepEqual(
    findings.map((f) => `${f.unit} ${f.code} ${f.message}`),
    said,
  );
});
