import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import { configTable, shownOptions } from '../../../../packages/agent/src/cli/config.ts';
import type { GivenFlags } from '../../../../packages/agent/src/config/command-line.ts';
import type { Variables } from '../../../../packages/agent/src/config/layers.ts';
import {
  type ResolvedConfig,
  resolveConfig,
} from '../../../../packages/agent/src/config/resolve-config.ts';
import { routesText } from '../../../../packages/agent/src/host/proxy/forward-proxy.ts';

const FILE = '/etc/dcr-agent/agent.yaml';

interface Layers {
  readonly flag?: string;
  readonly variable?: string;
  readonly file?: object;
  readonly env?: Variables;
}

function resolve({ flag, variable, file, env = {} }: Layers): ResolvedConfig {
  const flags: GivenFlags = flag === undefined ? {} : { proxy: flag };
  return resolveConfig({
    flags,
    env: { ...env, DCR_AGENT_PROXY: variable },
    readFile: () => (file === undefined ? undefined : JSON.stringify(file, null, 1)),
  });
}

/** `what from where` */
function proxyOf(layers: Layers): string {
  const { config, origins } = resolve(layers);
  const what = config.proxy === undefined ? 'nothing' : routesText(config.proxy);
  return `${what} from ${origins.get('proxy')?.name || 'nowhere'}`;
}

function told({ config }: ResolvedConfig): string | undefined {
  const value = config.proxy?.https?.authorization?.reveal();
  return value && Buffer.from(value.replace('Basic ', ''), 'base64').toString('utf8');
}

function findingsOf(layers: Layers): string {
  try {
    resolve(layers);
  } catch (error) {
    return (error as Error).message.replace(/^.*\n\s*/, '');
  }
  return 'none';
}

const application = (address: string, auth?: unknown): object => ({
  proxy: { mode: 'application', address, ...(auth !== undefined && { auth }) },
});
const A = 'http://a.example:1';
const B = 'http://b.example:1';
const C = 'http://c.example:1';
const D = 'http://d.example:1';
const E = 'http://e.example:1';

const PRECEDENCE: readonly [string, Layers, string][] = [
  ['nobody', {}, 'nothing from nowhere'],
  [
    'the environment',
    { env: { HTTPS_PROXY: E, HTTP_PROXY: E } },
    `${E} from HTTPS_PROXY, HTTP_PROXY`,
  ],
  [
    'the extension over the environment',
    { file: { settings: application(D) }, env: { HTTPS_PROXY: E } },
    `${D} from ${FILE}:3:3`,
  ],
  [
    'the file over the extension',
    { file: { proxy: C, settings: application(D) }, env: { HTTPS_PROXY: E } },
    `${C} from ${FILE}:2:2`,
  ],
  ['the variable over the file', { variable: B, file: { proxy: C } }, `${B} from DCR_AGENT_PROXY`],
  ['the flag over all', { flag: A, variable: B, file: { proxy: C } }, `${A} from --proxy`],
  ['none on the command line', { flag: 'none', file: { proxy: C } }, 'none from --proxy'],
  [
    'none in the file',
    { file: { proxy: 'None' }, env: { HTTPS_PROXY: E } },
    `none from ${FILE}:2:2`,
  ],
  [
    'mode none of the extension',
    { file: { settings: { proxy: { mode: 'none', address: D } } }, env: { HTTPS_PROXY: E } },
    `none from ${FILE}:3:3`,
  ],
];

const ENVIRONMENT: readonly [Variables, string][] = [
  [{ https_proxy: A, HTTPS_PROXY: B, ALL_PROXY: C }, `${A} (for http URLs: ${C})`],
  [{ HTTPS_PROXY: B }, `${B} (for http URLs: none)`],
  [{ HTTP_PROXY: B }, `none (for http URLs: ${B})`],
  [{ ALL_PROXY: B }, B],
  [{ all_proxy: A, ALL_PROXY: B }, A],
  [{ HTTPS_PROXY: '', ALL_PROXY: B }, B],
  [{ HTTPS_PROXY: ' ', NO_PROXY: '*' }, 'nothing'],
  [
    { HTTPS_PROXY: 'e.example:8080', HTTP_PROXY: 'none' },
    'http://e.example:8080 (for http URLs: none)',
  ],
];

suite('the proxy in force', () => {
  for (const [who, layers, expected] of PRECEDENCE) {
    test(`is what ${who} says`, () => assert.equal(proxyOf(layers), expected));
  }

  for (const [env, expected] of ENVIRONMENT) {
    test(`is ${expected} with ${JSON.stringify(env)}`, () => {
      const { proxy } = resolve({ env }).config;
      assert.equal(proxy === undefined ? 'nothing' : routesText(proxy), expected);
    });
  }

  test('of the extension has its user in the protected settings, taken as they are', () => {
    for (const auth of [true, 'true', 'True']) {
      const file = {
        settings: application(D, auth),
        protectedSettings: { proxy: { username: 'u%40', password: 'p%40:@ß' } },
      };
      assert.equal(told(resolve({ file })), 'u%40:p%40:@ß');
    }
  });

  test('of the extension needs what its members promise', () => {
    const protectedSettings = { proxy: { username: 'u', password: 'Canary' } };
    const cases: readonly [object, RegExp][] = [
      [{ settings: { proxy: { address: D } } }, /settings\.proxy lacks 'mode'$/],
      [
        { settings: { proxy: { mode: 'system' } } },
        /settings\.proxy\.mode must be none or application/,
      ],
      [{ settings: { proxy: { mode: 'application' } } }, /settings\.proxy\.address is missing/],
      [
        { settings: application(D, true) },
        /needs username and password in protectedSettings\.proxy$/,
      ],
      [
        { settings: application(D, 'true'), protectedSettings: { proxy: { username: 'u' } } },
        /needs username and password/,
      ],
      [{ settings: application('socks5://u:Canary@d:1'), protectedSettings }, /speaks SOCKS5/],
    ];
    for (const [file, words] of cases) assert.match(findingsOf({ file }), words);
    const unused = resolve({ file: { settings: application(D, false), protectedSettings } });
    assert.equal(told(unused), undefined);
    assert.match(
      unused.warnings.join(),
      /protectedSettings\.proxy is not used: .*auth is not true/,
    );
    const alone = resolve({ file: { protectedSettings } });
    assert.match(alone.warnings.join(), /is not used: there is no settings\.proxy/);
  });

  test('gives a hint for a password with signs of URLs', () => {
    const { warnings } = resolve({ env: { HTTPS_PROXY: 'http://u:p@ss@e.example:1' } });
    assert.match(warnings.join(), /^HTTPS_PROXY: the user name or password .*better write %40$/);
  });

  test('is refused where it cannot be one, and not passed over', () => {
    assert.equal(
      findingsOf({ env: { ALL_PROXY: 'socks5://u:Canary@e.example:1' } }),
      "ALL_PROXY: the proxy speaks SOCKS5, which the agent does not; name its HTTP port: write http://[user:password@]host:port; 'none' means no proxy",
    );
    assert.match(
      findingsOf({ flag: 'http://x:y', env: { HTTPS_PROXY: E } }),
      /^--proxy: the proxy/,
    );
  });
});

suite('hosts without a proxy', () => {
  test('come from the option, else from NO_PROXY', () => {
    const env = { NO_PROXY: 'a.example, .b.example 10.0.0.0/8,<local>' };
    const { config, origins, warnings } = resolve({ env });
    assert.deepEqual(config.proxyBypass, ['a.example', '.b.example', '10.0.0.0/8']);
    assert.equal(origins.get('proxyBypass')?.name, 'NO_PROXY');
    assert.deepEqual(warnings, [
      "NO_PROXY: '<local>' is no host, network or *; it exempts nothing",
    ]);
    const own = resolve({ env, file: { proxyBypass: ['c.example'] } });
    assert.deepEqual(own.config.proxyBypass, ['c.example']);
    assert.deepEqual(resolve({ env, file: { proxyBypass: [] } }).config.proxyBypass, []);
    assert.match(
      findingsOf({ file: { proxyBypass: ['10.*'] } }),
      /must be a host, .* is "10\.\*"$/,
    );
  });
});

suite('the password of a proxy', () => {
  const CANARY = 'Canary0';
  const withUser = `http://u:${CANARY}@a.example:1`;
  const extension = {
    settings: application(`http://v:${CANARY}@d.example:1`, 'true'),
    protectedSettings: { proxy: { username: 'u', password: CANARY } },
  };
  const base64 = Buffer.from(`u:${CANARY}`).toString('base64');

  test('is not in the configuration, nor in what is shown of it', () => {
    const layers: Layers[] = [
      { flag: withUser },
      { variable: withUser },
      { file: { proxy: withUser } },
      { file: extension },
      { env: { HTTPS_PROXY: withUser } },
    ];
    for (const each of layers) {
      const resolved = resolve(each);
      assert.equal(told(resolved), `u:${CANARY}`);
      const table = configTable(shownOptions(resolved), true);
      assert.match(table, /^proxy +http:\/\/u:\*\*\*@[ad]\.example:1 /m);
      const shown = [
        inspect(resolved, { depth: 20, showHidden: true }),
        JSON.stringify([resolved.config, shownOptions(resolved)]),
        table,
      ].join();
      assert.ok(!shown.includes(CANARY) && !shown.includes(base64), shown);
    }
  });

  test('is in no message about a mistake, wherever it was written', () => {
    const files: unknown[] = [
      { proxy: { url: withUser } },
      { proxy: [withUser] },
      { proxy: `${withUser}/x` },
      { settings: withUser },
      { settings: { proxy: withUser } },
      { settings: { proxy: { mode: withUser } } },
      { settings: { proxy: { mode: 'application', address: [withUser] } } },
      { settings: { proxy: { mode: 'application', address: D, auth: withUser } } },
      { protectedSettings: CANARY },
      { protectedSettings: { proxy: CANARY } },
      { protectedSettings: { proxy: { username: [CANARY], password: { is: CANARY } } } },
      {
        protectedSettings: { proxy: { username: 'a:b', password: CANARY } },
        settings: application(D, true),
      },
      { httpsProxy: withUser },
    ];
    for (const file of files) {
      const finding = findingsOf({ file: file as object });
      assert.notEqual(finding, 'none', JSON.stringify(file));
      assert.ok(!finding.includes(CANARY), finding);
    }
    const text = (yaml: string): string => {
      try {
        resolveConfig({ flags: {}, env: {}, readFile: () => yaml });
      } catch (error) {
        return inspect(error);
      }
      return 'none';
    };
    for (const value of [
      `*${CANARY}`,
      `!${CANARY} x`,
      `"${CANARY}`,
      `[${CANARY}`,
      `@${CANARY}`,
      `&${CANARY} [`,
    ]) {
      const said = text(`protectedSettings:\n  proxy:\n    username: u\n    password: ${value}\n`);
      assert.ok(!said.includes(CANARY), said);
    }
  });
});
