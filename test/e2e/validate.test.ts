/** What `dcr-agent validate` prints, and how it ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { agentProgram } from '../support/agent-program.ts';
import { runCommand } from '../support/processes.ts';
import { SYSLOG_SOURCE, sampleRule } from '../support/sample-rule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Report {
  readonly files: readonly { readonly form: string; readonly rules: readonly object[] }[];
  readonly findings: readonly {
    readonly file: string;
    readonly code: string;
    readonly severity: string;
    readonly pointer: string;
    readonly position: { readonly line: number; readonly column: number };
  }[];
  readonly unread: readonly string[];
  readonly summary: Readonly<Record<string, number>>;
}

let folder = '';
const at = (name: string): string => join(folder, name);

const validate = (
  args: readonly string[],
  input?: string | Buffer,
): ReturnType<typeof runCommand> => runCommand('agent', ['validate', ...args], {}, input);

/** With the input in parts, and a pause before each. */
async function runSlowly(
  args: readonly string[],
  parts: readonly string[],
  pauseMs: number,
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [...agentProgram(), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const output = text(child.stdout);
  for (const part of parts) {
    await setTimeout(pauseMs);
    child.stdin.write(part);
  }
  child.stdin.end();
  await ended;
  return { code: child.exitCode, stdout: await output };
}

async function report(args: readonly string[]): Promise<Report> {
  return JSON.parse((await validate([...args, '--json'])).stdout) as Report;
}

const WRONG = sampleRule({
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['mian'] }],
});

const TEMPLATE = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  parameters: { destination: { type: 'string' } },
  resources: [
    {
      type: 'Microsoft.Insights/dataCollectionRules',
      apiVersion: '2022-06-01',
      name: 'syslog',
      ...(JSON.parse(
        sampleRule({
          dataFlows: [
            { streams: ['Microsoft-Syslog'], destinations: ["[parameters('destination')]"] },
          ],
        }),
      ) as object),
    },
  ],
};

before(async () => {
  folder = await temporaryFolder();
  await writeFile(at('good.json'), sampleRule());
  await writeFile(at('wrong.json'), WRONG);
  await writeFile(at('warned.json'), sampleRule({ colour: 'green' }));
  await writeFile(at('no-rule.json'), '{"type": "Microsoft.Insights/dataCollectionEndpoints"}');
  await writeFile(at('broken.json'), '{"properties": ');
  await writeFile(at('template.json'), JSON.stringify(TEMPLATE));
  await writeFile(at('main.parameters.json'), '{"parameters": {"destination": {"value": "main"}}}');
  await writeFile(at('other.parameters.json'), '{"destination": "other"}');
  await mkdir(at('folder'));
  await writeFile(at('folder/a.json'), sampleRule());
  await writeFile(at('folder/b.jsonc'), `// of the web servers\n${sampleRule()}`);
  await writeFile(at('folder/package.json'), '{"name": "x"}');
});

test('a good rule ends with 0, a wrong one with 1 and its place', async () => {
  const good = await validate([at('good.json')]);
  assert.deepEqual(
    [good.code, good.stdout, good.stderr],
    [0, '1 file, 1 rule: 0 errors, 0 warnings\n', ''],
  );
  const wrong = await validate([at('wrong.json')]);
  const lines = wrong.stdout.trimEnd().split('\n');
  assert.equal(wrong.code, 1);
  const before = WRONG.slice(0, WRONG.indexOf('"mian"')).split('\n');
  const place = `${before.length}:${before.at(-1)!.length + 1}`;
  assert.deepEqual(lines, [
    `${at('wrong.json')}:${place}: error DCR_DESTINATION_UNKNOWN at /properties/dataFlows/0/destinations/0: ` +
      "the destination 'mian' is not among the destinations of the rule (did you mean 'main'?) " +
      '[the service: InvalidDataFlow at Properties.DataFlows[0]]',
    '1 file, 1 rule: 1 error, 0 warnings',
  ]);
});

test('warnings are no reason to fail, unless they are denied', async () => {
  assert.equal((await validate([at('warned.json')])).code, 0);
  assert.equal((await validate([at('warned.json'), '--deny-warnings'])).code, 1);
});

test('a document without a rule is told from a rule that is wrong', async () => {
  const none = await validate([at('no-rule.json')]);
  assert.equal(none.code, 66);
  assert.match(none.stdout, /no-rule\.json: no rule: the document is a resource of type/);
  assert.equal((await validate([at('no-rule.json'), at('good.json')])).code, 66);
  assert.equal((await validate([at('no-rule.json'), at('wrong.json')])).code, 1);
  const broken = await validate([at('broken.json')]);
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /broken\.json:1:\d+: error JSON_/);
});

test('a folder is searched, and files of other tools in it are passed over', async () => {
  const { code, stdout } = await validate([at('folder')]);
  assert.deepEqual([code, stdout], [0, '3 files, 2 rules: 0 errors, 0 warnings\n']);
});

test('what is not there is told on stderr', async () => {
  const { code, stderr } = await validate([at('missing.json'), at('good.json')]);
  assert.equal(code, 66);
  assert.match(stderr, /^dcr-agent: .*missing\.json: ENOENT/);
  const parameters = await validate([at('template.json'), '--parameters', at('broken.json')]);
  assert.equal(parameters.code, 66);
  assert.match(parameters.stderr, /broken\.json: line 1, column \d+: /);
  await writeFile(at('list.parameters.json'), '{"parameters": ["main"]}');
  const list = await validate([at('good.json'), '--parameters', at('list.parameters.json')]);
  assert.equal(list.code, 66);
  assert.match(list.stderr, /list\.parameters\.json: it holds no object of parameters; write /);
});

test('a template is checked with the parameters it is given', async () => {
  const template = at('template.json');
  const unknown = await validate([template]);
  assert.deepEqual(
    [unknown.code, unknown.stdout],
    [0, '1 file, 1 rule: 0 errors, 0 warnings, 1 value known when deployed\n'],
  );
  const given = await validate([template, '--parameters', at('main.parameters.json')]);
  assert.deepEqual([given.code, given.stdout], [0, '1 file, 1 rule: 0 errors, 0 warnings\n']);
  const other = await report([template, '--parameters', at('other.parameters.json')]);
  assert.deepEqual(
    other.findings.map(({ code, pointer }) => [code, pointer]),
    [
      ['DCR_DESTINATION_UNUSED', '/resources/0/properties/destinations/logAnalytics/0/name'],
      ['DCR_DESTINATION_UNKNOWN', '/resources/0/properties/dataFlows/0/destinations/0'],
    ],
  );
});

test('standard input is read, in UTF-16 too, as shells of Windows write it', async () => {
  const piped = await validate(['-'], sampleRule());
  assert.deepEqual([piped.code, piped.stderr], [0, '']);
  const utf16 = Buffer.from(`\uFEFF${sampleRule()}`, 'utf16le');
  assert.equal((await validate(['-'], utf16)).code, 0);
  const latin1 = await validate(['-'], Buffer.from('{"description": "caf\xe9"}', 'latin1'));
  assert.equal(latin1.code, 66);
  assert.match(latin1.stderr, /it is not text in UTF-8; save it as UTF-8/);
});

test('rules for one machine are held against each other', async () => {
  const apart = await validate([at('folder')]);
  assert.doesNotMatch(apart.stdout, /OVERLAP/);
  const { findings } = await report([at('folder'), '--same-machine']);
  assert.deepEqual(
    new Set(findings.map(({ file, code }) => `${file.slice(folder.length + 1)} ${code}`)),
    new Set(['folder/b.jsonc OVERLAP_SYSLOG']),
  );
});

test('a target has rules of its own', async () => {
  const file = at('transform.json');
  const dataFlows = [
    {
      streams: ['Microsoft-Syslog'],
      destinations: ['main'],
      transformKql: "source | where Facility == 'cron'",
    },
  ];
  await writeFile(file, sampleRule({ dataFlows }));
  assert.equal((await validate([file])).code, 0);
  assert.equal((await validate([file, '--target', 'azure'])).code, 0);
  const { findings } = await report([file, '--target', 'handler']);
  assert.deepEqual(
    findings.map(({ code, pointer }) => [code, pointer]),
    [['HANDLER_TRANSFORM', '/properties/dataFlows/0/transformKql']],
  );
});

test('what a loop deploys several times is told once', async () => {
  const file = at('loop.json');
  const source = { ...SYSLOG_SOURCE, logLevels: ['Loud'] };
  const rule = JSON.parse(sampleRule({ dataSources: { syslog: [source] } })) as object;
  const resource = { ...TEMPLATE.resources[0], ...rule, copy: { name: 'c', count: 3 } };
  await writeFile(file, JSON.stringify({ ...TEMPLATE, resources: [resource] }));
  const { findings, summary } = await report([file]);
  assert.equal(summary.rules, 3);
  assert.deepEqual(
    findings.map((f) => f.code),
    ['DCR_VALUE_UNKNOWN'],
  );
});

test('standard input is waited for', async () => {
  const { code, stdout } = await runSlowly(['validate', '-'], [sampleRule(), '  '], 300);
  assert.deepEqual([code, stdout], [0, '1 file, 1 rule: 0 errors, 0 warnings\n']);
});

test('all that one object lacks is told', async () => {
  const file = at('lacking.json');
  await writeFile(file, sampleRule({ dataFlows: [{}] }));
  const { findings } = await report([file]);
  assert.equal(findings.filter((f) => f.code === 'DCR_MEMBER_MISSING').length, 2);
});

test('a file named twice is one, and names are told without their control characters', async () => {
  const good = at('good.json');
  const twice = await validate([good, good, '--same-machine']);
  assert.deepEqual([twice.code, twice.stdout], [0, '1 file, 1 rule: 0 errors, 0 warnings\n']);
  const { stderr } = await validate([at('a\u001b[31m.json')]);
  assert.ok(!stderr.includes('\u001b'));
});
