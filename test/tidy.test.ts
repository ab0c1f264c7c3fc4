/**
 * The shape of the project, read from its source: who may import whom, what is banned where, and
 * how large a file may be. The layers are those of ARCHITECTURE.md.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveImport, type SourceFile, sourceFiles } from './support/source-files.ts';

const AGENT = 'packages/agent/src';

/**
 * Folders and files of the agent, each with what it may import besides itself. `schema` stands
 * for the rule language's package; anything not listed here may import everything in the agent.
 */
const AGENT_LAYERS: readonly {
  readonly of: RegExp;
  readonly may: readonly RegExp[];
}[] = [
  { of: /^errors\.ts$/, may: [] },
  { of: /^(record|fragment|xml-escape)\.ts$/, may: [/^schema$/, /^fragment\//] },
  { of: /^fragment\//, may: [/^fragment\.ts$/, /^kernel\//] },
  { of: /^(kernel|time)\//, may: [] },
  { of: /^host\//, may: [/^errors\.ts$/] },
  {
    of: /^pipeline\//,
    may: [
      /^schema$/,
      /^record\.ts$/,
      /^eventlog\//,
      /^fragment\.ts$/,
      /^xml-escape\.ts$/,
      /^errors\.ts$/,
      /^buffer\/durable-buffer\.ts$/,
      /^kernel\/kernel\.ts$/,
      /^time\//,
    ],
  },
  {
    of: /^buffer\//,
    may: [
      /^schema$/,
      /^host\//,
      /^record\.ts$/,
      /^fragment(\/record-boundaries)?\.ts$/,
      /^errors\.ts$/,
    ],
  },
  { of: /^identity\//, may: [/^host\//, /^errors\.ts$/, /^control\/endpoint/] },
  { of: /^control\//, may: [/^schema$/, /^host\//, /^errors\.ts$/, /^identity\//] },
  { of: /^config\//, may: [/^schema$/, /^host\//, /^errors\.ts$/] },
  {
    of: /^eventlog\//,
    may: [/^schema$/, /^xml-escape\.ts$/, /^errors\.ts$/],
  },
  { of: /^replay\//, may: [/^(?!cli\/)/] },
  { of: /^nearest-miss\//, may: [/^schema$/, /^eventlog\//, /^host\//] },
  { of: /^sources\/source\.ts$/, may: [/^record\.ts$/] },
  {
    of: /^sources\/([^/]+)\//,
    may: [
      /^schema$/,
      /^sources\/(source|repaired-text)\.ts$/,
      // Metrics are counters, aggregated.
      /^sources\/performance-counters\/(performance-counters|schedule)\.ts$/,
      /^time\//,
      /^host\//,
      /^record\.ts$/,
      /^errors\.ts$/,
      /^eventlog\//,
    ],
  },
  {
    of: /^destinations\/destination\.ts$/,
    may: [/^schema$/, /^buffer\/durable-buffer\.ts$/, /^host\//, /^identity\/access-token\.ts$/],
  },
  {
    of: /^destinations\/([^/]+)\//,
    may: [
      /^schema$/,
      /^destinations\/destination\.ts$/,
      /^destinations\/upload\//,
      /^buffer\/durable-buffer\.ts$/,
      /^fragment(\/(join-fragments|record-boundaries))?\.ts$/,
      /^host\//,
      /^identity\/access-token\.ts$/,
      /^errors\.ts$/,
    ],
  },
  {
    of: /^delivery\//,
    may: [
      /^schema$/,
      /^buffer\/durable-buffer\.ts$/,
      /^destinations\/destination\.ts$/,
      /^host\//,
      /^errors\.ts$/,
    ],
  },
];

test('a folder of the agent imports only what its layer allows', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles(AGENT)) {
    const inside = file.path.slice(AGENT.length + 1);
    const layer = AGENT_LAYERS.find(({ of }) => of.test(inside));
    if (layer === undefined) continue;
    const own = layer.of.exec(inside)![0];
    for (const target of file.imports.flatMap((specifier) => targetOf(file, specifier))) {
      if (target === own || (own.endsWith('/') && target.startsWith(own))) continue;
      if (!layer.may.some((allowed) => allowed.test(target))) wrong.push(`${inside} → ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** The part of the agent, or `schema`, that an import names; packages and `node:` are free. */
function targetOf(file: SourceFile, specifier: string): string[] {
  if (/^@dcr-agent\/schema(\/|$)/.test(specifier)) return ['schema'];
  const path = resolveImport(file, specifier);
  return path === undefined ? [] : [path.slice(AGENT.length + 1)];
}

test('the rule language imports nothing but itself and its two parsers', () => {
  for (const file of sourceFiles('packages/dcr-schema/src')) {
    for (const specifier of file.imports) {
      const ok = specifier.startsWith('.') || /^(ajv(\/.*)?|jsonc-parser)$/.test(specifier);
      assert.ok(ok, `${file.path} imports ${specifier}`);
      const path = resolveImport(file, specifier);
      assert.ok(path?.startsWith('packages/dcr-schema/src/') ?? true, `${file.path} → ${path}`);
    }
  }
});

test('queries and transformations do not know each other', () => {
  for (const file of sourceFiles('packages/dcr-schema/src/xpath')) {
    for (const specifier of file.imports)
      assert.ok(!/\/(kql|rule|plan)\//.test(specifier), file.path);
  }
});

test('agent and handlers do not import each other, and packages are entered by their name', () => {
  for (const own of ['agent', 'handlers', 'dcr-schema']) {
    for (const file of sourceFiles(`packages/${own}/src`)) {
      for (const specifier of file.imports) {
        if (own !== 'agent') assert.notEqual(specifier, '@dcr-agent/agent', file.path);
        if (own !== 'handlers') assert.notEqual(specifier, '@dcr-agent/handlers', file.path);
        const path = resolveImport(file, specifier);
        assert.ok(path?.startsWith(`packages/${own}/`) ?? true, `${file.path} → ${path}`);
      }
    }
  }
});

const BANS: readonly { what: RegExp; instead: string; unless: RegExp }[] = [
  { what: /\bDate\.now\s*\(/, instead: 'host.clock.now()', unless: /^(host|cli)\// },
  { what: /\bnew Date\(\s*\)/, instead: 'host.clock.now()', unless: /^(host|cli)\// },
  { what: /\bperformance\.now\s*\(/, instead: 'host.clock.monotonic()', unless: /^host\// },
  { what: /\bset(Timeout|Interval)\s*\(/, instead: 'host.clock.sleep()', unless: /^host\// },
  { what: /node:timers/, instead: 'host.clock.sleep()', unless: /^host\// },
  { what: /\bMath\.random\s*\(/, instead: 'host.random()', unless: /^host\// },
  { what: /\bconsole\./, instead: 'host.log', unless: /^(main\.ts|cli\/)/ },
  {
    what: /\bprocess\.exit\s*\(/,
    instead: 'process.exitCode or an error',
    unless: /^main\.ts|^cli\//,
  },
];

test('time, chance, the console and exits enter the agent through their doors only', () => {
  const found: string[] = [];
  for (const file of sourceFiles(AGENT)) {
    const inside = file.path.slice(AGENT.length + 1);
    for (const ban of BANS) {
      if (ban.unless.test(inside)) continue;
      file.lines.forEach((line, i) => {
        const code = line.replace(/\/\/.*$/, '').replace(/^\s*\*.*$/, '');
        if (ban.what.test(code)) found.push(`${file.path}:${i + 1} use ${ban.instead}`);
      });
    }
  }
  assert.deepEqual(found, []);
});

test('pipelines and the rule language do no I/O', () => {
  const pure = [...sourceFiles(`${AGENT}/pipeline`), ...sourceFiles('packages/dcr-schema/src')];
  for (const file of pure) {
    for (const specifier of file.imports) {
      assert.ok(!specifier.startsWith('node:'), `${file.path} imports ${specifier}`);
    }
  }
});

test('no file is longer than 300 lines, no line than 100 characters', () => {
  const long: string[] = [];
  for (const name of ['agent', 'dcr-schema', 'handlers']) {
    for (const file of sourceFiles(`packages/${name}/src`)) {
      if (file.lines.length > 301) long.push(`${file.path}: ${file.lines.length} lines`);
      file.lines.forEach((line, i) => {
        // A long literal (a message, a pattern) may stand on a line of its own.
        const mayBeLong = /['"`/]/.test(line);
        if (line.length > 100 && !mayBeLong) long.push(`${file.path}:${i + 1}`);
      });
    }
  }
  assert.deepEqual(long, []);
});

test('no left-overs: no TODO, no default export, no banned noun as a file name', () => {
  const wrong: string[] = [];
  for (const name of ['agent', 'dcr-schema', 'handlers']) {
    for (const file of sourceFiles(`packages/${name}/src`)) {
      if (/\b(TODO|FIXME|XXX)\b/.test(file.text)) wrong.push(`${file.path}: TODO`);
      if (/^export default/m.test(file.text)) wrong.push(`${file.path}: default export`);
      if (/(^|[/-])(utils?|helpers?|common|misc|manager|base|impl)(-|\.ts$)/.test(file.path)) {
        wrong.push(`${file.path}: name`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('the rules of this file can fail', () => {
  const file = (text: string): SourceFile => ({
    path: `${AGENT}/pipeline/x.ts`,
    text,
    lines: text.split('\n'),
    imports: [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]!),
  });
  const upward = file("import { x } from '../delivery/lane.ts';");
  const layer = AGENT_LAYERS.find(({ of }) => of.test('pipeline/x.ts'))!;
  const [target] = targetOf(upward, upward.imports[0]!);
  assert.equal(target, 'delivery/lane.ts');
  assert.ok(!layer.may.some((allowed) => allowed.test(target!)));
  assert.ok(BANS.some(({ what }) => what.test('const t = Date.now();')));
});
