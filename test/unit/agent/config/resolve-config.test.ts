import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AgentConfig } from '../../../../packages/agent/src/config/agent-config.ts';
import {
  type ConfigInputs,
  resolveConfig,
} from '../../../../packages/agent/src/config/resolve-config.ts';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';

const FILE = '/etc/dcr-agent/agent.yaml';
const GUID = '11111111-2222-3333-4444-555555555555';
const VM = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1';

type Inputs = Partial<Omit<ConfigInputs, 'readFile'>> & { readonly file?: string };

function resolve({ file, flags = {}, env = {} }: Inputs) {
  const readFile = (path: string): string | undefined => (path === FILE ? file : undefined);
  return resolveConfig({ flags, env, readFile });
}

/** What is wrong, one finding per line, without the heading. */
function findings(inputs: Inputs): string[] {
  try {
    resolve(inputs);
  } catch (error) {
    assert.ok(isAgentError(error, 'AGENT_CONFIG_INVALID'), String(error));
    const [head, ...rest] = error.message.split('\n');
    assert.equal(head, 'the agent configuration cannot be used:');
    return rest.map((line) => line.trim());
  }
  return [];
}

const PROXY = { address: 'http://proxy.example:3128' };

const DEFAULTS: AgentConfig = {
  stateDir: '/var/lib/dcr-agent',
  control: { pollIntervalSeconds: 300 },
  machine: {},
  identity: {},
  workspaces: [],
  sources: {
    windowsEventLogs: { channels: {} },
    syslog: {
      tcp: ['127.0.0.1:28330'],
      tls: [],
      udp: [],
      unix: [],
      frameBytesMax: 65_536,
      connectionsMax: 1_000,
      repeatsPerSecondMax: 1_000,
      joinSegments: true,
    },
    logFiles: { startAt: 'beginning' },
    windowsFirewallLogs: { paths: [] },
  },
  buffer: { dropAfterSeconds: 60, commitIntervalSeconds: 0.5 },
  delivery: {
    profile: 'standard',
    flushIntervalSeconds: 2,
    concurrency: 4,
    serviceLimits: 'azure',
  },
  allowPlainHttp: false,
  proxyBypass: [],
  settings: {},
  protectedSettings: {},
  tls: {},
  log: { level: 'info', format: 'json' },
  heartbeat: { intervalSeconds: 60 },
  shutdown: { timeoutSeconds: 20 },
};

const WHOLE_FILE = `
stateDir: /data
rulesDir: rules
control:
  endpoint: https://control.example
  pollIntervalSeconds: 30
machine:
  resourceId: ${VM}
  region: westeurope
identity:
  clientId: ${GUID}
  metadataEndpoint: http://127.0.0.1:8080/machines/vm1
workspaces:
  - resourceId: /subscriptions/s/w1
    workspaceId: ${GUID}
    endpoint: http://127.0.0.1:8080/ods
ingestionEndpoint: http://127.0.0.1:8080/dce
sources:
  windowsEventLogs:
    channels:
      Security: security.evtx
      System: [/logs/a.evtx, b.xml]
  syslog:
    tcp: ['[::1]:514', 'localhost:0']
    udp: [0.0.0.0:514]
    unix: [run/syslog.sock]
    tls: ['0.0.0.0:6514']
    tlsCertFile: tls/cert.pem
    tlsKeyFile: tls/key.pem
    frameBytesMax: 8192
    connectionsMax: 10000
  logFiles:
    startAt: end
buffer:
  quotaMegabytes: 500
  dropAfterSeconds: 5
  ageHoursMax: 72
  commitIntervalSeconds: 1
delivery:
  flushIntervalSeconds: 0.5
  concurrency: 8
  serviceLimits: never
allowPlainHttp: true
proxy: http://proxy.example:3128
proxyBypass: [.example, 10.0.0.0/8]
settings:
  proxy: { mode: application, address: 'http://u:p@other.example:1', auth: 'true' }
protectedSettings:
  proxy: { username: user, password: pw }
tls:
  caFile: company.pem
controlSocket: /tmp/agent.sock
log:
  level: debug
  format: text
heartbeat:
  intervalSeconds: 10
shutdown:
  timeoutSeconds: 0
`;

const WHOLE: AgentConfig = {
  stateDir: '/data',
  rulesDir: '/etc/dcr-agent/rules',
  control: { endpoint: 'https://control.example', pollIntervalSeconds: 30 },
  machine: { resourceId: VM, region: 'westeurope' },
  identity: { clientId: GUID, metadataEndpoint: 'http://127.0.0.1:8080/machines/vm1' },
  workspaces: [
    {
      resourceId: '/subscriptions/s/w1',
      workspaceId: GUID,
      endpoint: 'http://127.0.0.1:8080/ods',
    },
  ],
  ingestionEndpoint: 'http://127.0.0.1:8080/dce',
  sources: {
    windowsEventLogs: {
      channels: {
        Security: ['/etc/dcr-agent/security.evtx'],
        System: ['/logs/a.evtx', '/etc/dcr-agent/b.xml'],
      },
    },
    syslog: {
      tcp: ['[::1]:514', 'localhost:0'],
      tls: ['0.0.0.0:6514'],
      tlsCertFile: '/etc/dcr-agent/tls/cert.pem',
      tlsKeyFile: '/etc/dcr-agent/tls/key.pem',
      udp: ['0.0.0.0:514'],
      unix: ['/etc/dcr-agent/run/syslog.sock'],
      frameBytesMax: 8_192,
      connectionsMax: 10_000,
      repeatsPerSecondMax: 1_000,
      joinSegments: true,
    },
    logFiles: { startAt: 'end' },
    windowsFirewallLogs: { paths: [] },
  },
  buffer: {
    quotaMegabytes: 500,
    dropAfterSeconds: 5,
    ageHoursMax: 72,
    commitIntervalSeconds: 1,
  },
  delivery: {
    profile: 'standard',
    flushIntervalSeconds: 0.5,
    concurrency: 8,
    serviceLimits: 'never',
  },
  allowPlainHttp: true,
  proxy: { https: PROXY, http: PROXY },
  proxyBypass: ['.example', '10.0.0.0/8'],
  settings: {
    proxy: { mode: 'application', address: 'http://u:***@other.example:1', auth: 'true' },
  },
  protectedSettings: { proxy: { username: 'user', password: '***' } },
  tls: { caFile: '/etc/dcr-agent/company.pem' },
  controlSocket: '/tmp/agent.sock',
  log: { level: 'debug', format: 'text' },
  heartbeat: { intervalSeconds: 10 },
  shutdown: { timeoutSeconds: 0 },
};

suite('the configuration of the agent', () => {
  test('is all defaults where nothing is said, not even a file', () => {
    const { config, origins, warnings } = resolve({});
    assert.deepEqual(config, DEFAULTS);
    assert.deepEqual([...new Set([...origins.values()].map(({ layer }) => layer))], ['default']);
    assert.deepEqual(warnings, []);
  });

  test('takes every option from the file; paths are relative to it', () => {
    assert.deepEqual(resolve({ file: WHOLE_FILE }).config, WHOLE);
  });

  test('prefers a flag to a variable to the file to the default, and knows which it was', () => {
    const file = 'log:\n  level: warn\n  format: text\nbuffer:\n  quotaMegabytes: 20\n';
    const env = { DCR_AGENT_LOG_LEVEL: 'error', DCR_AGENT_LOG_FORMAT: 'json' };
    const { config, origins } = resolve({ file, env, flags: { 'log.level': 'debug' } });
    assert.deepEqual(config.log, { level: 'debug', format: 'json' });
    assert.equal(config.buffer.quotaMegabytes, 20);
    assert.deepEqual(origins.get('log.level'), { layer: 'flag', name: '--log-level' });
    assert.deepEqual(origins.get('log.format'), {
      layer: 'variable',
      name: 'DCR_AGENT_LOG_FORMAT',
    });
    assert.deepEqual(origins.get('buffer.quotaMegabytes'), { layer: 'file', name: `${FILE}:5:3` });
    assert.deepEqual(origins.get('stateDir'), { layer: 'default', name: '' });
  });

  test('gathers and buffers as the legacy agent does where a profile asks for it', () => {
    const flags = { 'delivery.profile': 'legacy' };
    const { config, origins } = resolve({ flags });
    assert.equal(config.delivery.profile, 'legacy');
    assert.equal(config.delivery.flushIntervalSeconds, 20);
    assert.equal(config.buffer.quotaMegabytes, 10);
    assert.deepEqual(origins.get('buffer.quotaMegabytes'), {
      layer: 'profile',
      name: 'delivery.profile: legacy',
    });
    const own = resolve({ flags, file: 'buffer:\n  quotaMegabytes: 50\n' });
    assert.equal(own.config.buffer.quotaMegabytes, 50);
  });

  test('reads numbers, lists and structures from variables and flags', () => {
    const { config } = resolve({
      env: {
        DCR_AGENT_CONTROL_POLL_INTERVAL_SECONDS: '1.5',
        DCR_AGENT_SOURCES_SYSLOG_TCP: '127.0.0.1:1, 127.0.0.1:2',
        DCR_AGENT_SOURCES_SYSLOG_UDP: '["127.0.0.1:3"]',
        DCR_AGENT_SOURCES_WINDOWS_EVENT_LOGS_CHANNELS: '{"Security":"logs/s.evtx"}',
        DCR_AGENT_WORKSPACES: `[{"resourceId":"/s/w","workspaceId":"${GUID}"}]`,
      },
      flags: { allowPlainHttp: true, rulesDir: 'rules', 'sources.syslog.unix': '[]' },
    });
    assert.equal(config.control.pollIntervalSeconds, 1.5);
    assert.deepEqual(config.sources.syslog.tcp, ['127.0.0.1:1', '127.0.0.1:2']);
    assert.deepEqual(config.sources.syslog.udp, ['127.0.0.1:3']);
    assert.deepEqual(config.sources.windowsEventLogs.channels, { Security: ['logs/s.evtx'] });
    assert.deepEqual(config.workspaces, [{ resourceId: '/s/w', workspaceId: GUID }]);
    assert.equal(config.allowPlainHttp, true);
    assert.equal(config.rulesDir, 'rules');
  });

  test('obeys the variable of the SDK for the metadata service, after its own', () => {
    const sdk = { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1/machines/VM1' };
    const file = 'identity: { metadataEndpoint: http://127.0.0.1:2 }';
    const { config } = resolve({ env: sdk, file });
    assert.equal(config.identity.metadataEndpoint, 'http://127.0.0.1:1/machines/VM1');
    const own = { ...sdk, DCR_AGENT_IDENTITY_METADATA_ENDPOINT: 'http://127.0.0.1:3' };
    assert.equal(resolve({ env: own }).config.identity.metadataEndpoint, 'http://127.0.0.1:3');
  });

  test('takes an empty variable and an empty member for none', () => {
    const file = 'stateDir: /data\nrulesDir:\ncontrol:\n  # endpoint: https://x\nlog: {}\n';
    const { config } = resolve({ file, env: { DCR_AGENT_STATE_DIR: '' } });
    assert.deepEqual(config, { ...DEFAULTS, stateDir: '/data' });
    assert.deepEqual(resolve({ file: '# nothing yet\n' }).config, DEFAULTS);
  });

  test('knows another file by flag and variable, and wants it to be there', () => {
    const readFile = (path: string): string | undefined =>
      path === 'mine.yaml' ? 'rulesDir: rules' : undefined;
    const byFlag = resolveConfig({
      flags: { config: 'mine.yaml' },
      env: { DCR_AGENT_CONFIG: 'other.yaml' },
      readFile,
    });
    assert.ok(byFlag.config.rulesDir?.endsWith('/rules'));
    assert.deepEqual(findings({ env: { DCR_AGENT_CONFIG: 'other.yaml' } }), [
      'other.yaml: there is no such file',
    ]);
  });

  test('says why a file cannot be read', () => {
    const readFile = (): never => {
      throw new Error('EACCES: permission denied');
    };
    assert.throws(() => resolveConfig({ flags: {}, env: {}, readFile }), {
      code: 'AGENT_CONFIG_INVALID',
      message: /agent\.yaml: EACCES: permission denied/,
    });
  });
});

suite('a configuration that is wrong', () => {
  for (const [what, file, expected] of [
    [
      'an option that is misspelt',
      'contorl:\n  endpoint: https://x\n',
      [`${FILE}:1:1: 'contorl' is not an option; did you mean 'control'?`],
    ],
    [
      'a nested option that is misspelt',
      'control:\n  endpont: https://x\n',
      [`${FILE}:2:3: 'control.endpont' is not an option; did you mean 'endpoint'?`],
    ],
    ['an option nobody can guess', 'zebra: 1\n', [`${FILE}:1:1: 'zebra' is not an option`]],
    [
      'a number out of range',
      'buffer:\n  quotaMegabytes: 3\n',
      [`${FILE}:2:3: buffer.quotaMegabytes must be a whole number from 10 to 1000000, and is 3`],
    ],
    [
      'text for a number',
      'heartbeat:\n  intervalSeconds: often\n',
      [
        `${FILE}:2:3: heartbeat.intervalSeconds must be a number of seconds from 1 to 3600, and is "often"`,
      ],
    ],
    [
      'a number for text',
      'machine:\n  region: 7\n',
      [`${FILE}:2:3: machine.region must be a region such as westeurope, and is 7`],
    ],
    [
      'a value for a group',
      'log: debug\n',
      [`${FILE}:1:1: log must be a map of options, and is "debug"`],
    ],
    [
      'a word that is not one of the words',
      'log:\n  level: loud\n',
      [`${FILE}:2:3: log.level must be one of debug, info, warn, error, and is "loud"`],
    ],
    [
      'an address without a host',
      'sources:\n  syslog:\n    tcp:\n      - 127.0.0.1:514\n      - :514\n',
      [
        `${FILE}:5:9: sources.syslog.tcp[1] must be an address such as 127.0.0.1:514, and is ":514"`,
      ],
    ],
    [
      'a port that is none',
      'sources: { syslog: { udp: [127.0.0.1:70000] } }\n',
      [
        `${FILE}:1:28: sources.syslog.udp[0] must be an address such as 127.0.0.1:514, and is "127.0.0.1:70000"`,
      ],
    ],
    [
      'a workspace with too little and too much',
      'workspaces:\n  - resourceId: /s/w\n    workspaceID: x\n',
      [
        `${FILE}:2:5: workspaces[0] lacks 'workspaceId'`,
        `${FILE}:3:5: 'workspaces[0].workspaceID' is not an option; did you mean 'workspaceId'?`,
      ],
    ],
    [
      'a file that is no event log',
      'sources:\n  windowsEventLogs:\n    channels:\n      Security: security.log\n',
      [
        `${FILE}:4:7: sources.windowsEventLogs.channels.Security must be an .evtx or .xml file, or a list of them, and is "security.log"`,
      ],
    ],
    [
      'an endpoint with a query',
      'ingestionEndpoint: https://x/?sig=1\n',
      [
        `${FILE}:1:1: ingestionEndpoint must be an http or https URL without query, and is "https://x/?sig=1"`,
      ],
    ],
    [
      'an id that is none',
      'machine:\n  resourceId: vm1\n',
      [
        `${FILE}:2:3: machine.resourceId must be an ARM resource id such as /subscriptions/…/virtualMachines/vm1, and is "vm1"`,
      ],
    ],
    ['a list for the whole', '- a\n', [`${FILE}:1:1: the file must be a map of options`]],
    ['two of the same', 'stateDir: /a\nstateDir: /b\n', [`${FILE}:2:1: Map keys must be unique`]],
  ] as const) {
    test(`${what} is told with its place`, () => assert.deepEqual(findings({ file }), expected));
  }

  test('text that is no YAML is told with its place', () => {
    assert.match(
      findings({ file: 'a:\n  - b\n c: d\n' })[0]!,
      /^\/etc\/dcr-agent\/agent\.yaml:3:1: /,
    );
    assert.match(findings({ file: 'a: [1, 2\n' })[0]!, /^\/etc\/dcr-agent\/agent\.yaml:\d:\d+: /);
  });

  test('aliases that multiply are refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    );
    const file = `a0: &a0 [x]\n${levels.join('\n')}\n`;
    assert.match(findings({ file })[0]!, /agent\.yaml:1:1: Excessive alias count/);
  });

  test('a flag or variable is named by its own name', () => {
    const wrong = findings({
      flags: { 'log.level': 'loud', 'buffer.quotaMegabytes': 'much' },
      env: { DCR_AGENT_ALLOW_PLAIN_HTTP: 'perhaps', DCR_AGENT_WORKSPACES: '[' },
    });
    assert.deepEqual(wrong, [
      'DCR_AGENT_WORKSPACES: workspaces must be a list of workspaces, and is "["',
      '--buffer-quota-megabytes: buffer.quotaMegabytes must be a whole number from 10 to 1000000, and is "much"',
      'DCR_AGENT_ALLOW_PLAIN_HTTP: allowPlainHttp must be true or false, and is "perhaps"',
      '--log-level: log.level must be one of debug, info, warn, error, and is "loud"',
    ]);
  });

  test('everything wrong is told at once', () => {
    const wrong = findings({
      file: 'log: 1\nbuffer: 2\n',
      env: { DCR_AGENT_LOG_LEVEL: 'loud' },
      flags: { stateDir: '' },
    });
    assert.equal(wrong.length, 4);
  });

  test('two names for one identity contradict each other', () => {
    const file = `identity:\n  clientId: ${GUID}\n`;
    const env = { DCR_AGENT_IDENTITY_OBJECT_ID: GUID };
    assert.deepEqual(findings({ file, env }), [
      `only one may name the identity: identity.clientId (${FILE}:2:3), identity.objectId (DCR_AGENT_IDENTITY_OBJECT_ID)`,
    ]);
  });

  test('a workspace has one place', () => {
    const workspace = (id: string): string => `  - { resourceId: ${id}, workspaceId: ${GUID} }\n`;
    const file = `workspaces:\n${workspace('/s/w')}${workspace('/S/W')}${workspace('/s/v')}`;
    assert.deepEqual(findings({ file }), ['workspaces has /s/w more than once']);
  });

  test('a variable that is no option is odd, not wrong', () => {
    const env = { DCR_AGENT_STATEDIR: '/x', DCR_AGENT_SERVICE_HOST: '10.0.0.1', PATH: '/bin' };
    assert.deepEqual(resolve({ env }).warnings, [
      "the variable DCR_AGENT_STATEDIR is not an option; did you mean 'DCR_AGENT_STATE_DIR'?",
      'the variable DCR_AGENT_SERVICE_HOST is not an option',
    ]);
  });

  test('tokens do not leave this machine unencrypted, unless that is allowed', () => {
    const file = 'control:\n  endpoint: http://handler.example:7700\n';
    assert.throws(() => resolve({ file }), {
      message: /:2:3: control\.endpoint http:\/\/handler\.example:7700 is not encrypted/,
    });
    const env = { DCR_AGENT_ALLOW_PLAIN_HTTP: 'true' };
    assert.equal(resolve({ env, file }).config.allowPlainHttp, true);
  });

  test('TLS for syslog needs a certificate and its key; files without an address are odd', () => {
    const tls = { 'sources.syslog.tls': '0.0.0.0:6514', 'sources.syslog.tlsKeyFile': 'k.pem' };
    assert.throws(() => resolve({ flags: tls }), {
      message: /sources\.syslog\.tls needs sources\.syslog\.tlsCertFile$/m,
    });
    const { warnings } = resolve({ flags: { 'sources.syslog.tlsKeyFile': 'k.pem' } });
    assert.match(warnings[0]!, /not used: sources\.syslog\.tls names no address$/);
  });

  test('an address of syslog is listed once; port 0 is another each time', () => {
    const refused = (flags: Record<string, string>, message: RegExp): void => {
      assert.throws(() => resolve({ flags }), { message });
    };
    const port = '127.0.0.1:5514';
    refused(
      { 'sources.syslog.tcp': `${port},${port}` },
      /tcp and tls have 127\S+ more than once$/m,
    );
    refused({ 'sources.syslog.udp': `${port},${port}` }, /syslog\.udp has 127\S+ more than once$/m);
    refused({ 'sources.syslog.unix': '/run/a,/run//a' }, /syslog\.unix has \/run\/a more than/m);
    resolve({ flags: { 'sources.syslog.tcp': 'a:0,a:0,a:1', 'sources.syslog.udp': 'a:1' } });
  });

  test('a control plane that is not asked is pointed out', () => {
    const file = 'rulesDir: rules\ncontrol:\n  endpoint: https://handler.example\n';
    const { warnings } = resolve({ file });
    assert.match(warnings[0]!, /^control\.endpoint is not asked: rules come from the folder /);
  });
});
