import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseAgentConfigurations } from '../../../../packages/agent/src/control/configurations-answer.ts';

const ID = 'dcr-0123456789abcdef0123456789abcdef';

const SOURCE = {
  id: 'sys1',
  kind: 'syslog',
  configuration: { facilityNames: ['auth'], logLevels: ['Error'] },
  streams: [{ stream: 'LINUX_SYSLOGS_BLOB', solution: 'LogManagement' }],
  sendToChannels: ['ods-1'],
};
const ODS = { id: 'ods-1', protocol: 'ods', endpoint: 'https://x', tokenEndpointUri: 'https://t' };

function configuration(content: unknown, members: object = {}): object {
  return { configurationId: ID, eTag: 'tag', op: 'added', content, ...members };
}

function parse(...configurations: unknown[]) {
  return parseAgentConfigurations({ configurations });
}

/** Content of the only configuration. */
function contentOf(content: unknown): unknown {
  const { configurations, findings } = parse(configuration(content));
  assert.deepEqual(findings, []);
  return configurations[0]?.content;
}

suite("reading the control plane's answer", () => {
  test('a whole configuration comes through member for member', () => {
    const content = { dataSources: [SOURCE], channels: [ODS], extensionConfigurations: { A: [] } };
    const { configurations, findings } = parse(configuration(content));
    assert.deepEqual(configurations, [{ configurationId: ID, eTag: 'tag', op: 'added', content }]);
    assert.deepEqual(findings, []);
  });

  test('members that are not known are ignored, kinds that are not known are kept', () => {
    const source = { ...SOURCE, kind: 'quantumLogs', novelty: 1 };
    const channel = { ...ODS, protocol: 'zap', novelty: 1 };
    assert.deepEqual(contentOf({ dataSources: [source], channels: [channel], novelty: 1 }), {
      dataSources: [{ ...SOURCE, kind: 'quantumLogs' }],
      channels: [{ ...ODS, protocol: 'zap' }],
    });
  });

  test('members that are missing are empty', () => {
    assert.deepEqual(contentOf({}), { dataSources: [], channels: [] });
    assert.deepEqual(contentOf({ dataSources: [{ id: 'a', kind: 'b' }], channels: null }), {
      dataSources: [{ id: 'a', kind: 'b', configuration: {}, streams: [], sendToChannels: [] }],
      channels: [],
    });
  });

  test('settings are read as an array, as JSON text, and under their other name', () => {
    const settings = [{ name: 'MaxDiskQuotaInMB', value: '20000' }];
    for (const members of [
      { settings },
      { settings: JSON.stringify(settings) },
      { agentSettings: settings },
      { settings: [{ name: 'MaxDiskQuotaInMB', value: 20_000 }, { value: 1 }, null] },
    ]) {
      const expected = { kind: 'AgentSettings', settings };
      assert.deepEqual(contentOf({ kind: 'agentsettings', ...members }), expected);
    }
    const nothing = { kind: 'AgentSettings', settings: [] };
    assert.deepEqual(contentOf({ kind: 'AgentSettings', settings: '{' }), nothing);
  });

  test('a configuration that cannot be read does not spoil the others, and is named', () => {
    const good = configuration({ dataSources: [SOURCE], channels: [ODS] });
    for (const [odd, reason, id] of [
      [null, /configuration 1 has no configurationId/, undefined],
      ['text', /configuration 1 has no configurationId/, undefined],
      [{ configurationId: 7 }, /configuration 1 has no configurationId/, undefined],
      [{ configurationId: 'x' }, /'x' has no content/, 'x'],
      [{ configurationId: 'x', content: [] }, /'x' has no content/, 'x'],
      [
        { configurationId: 'x', content: { dataSources: {} } },
        /dataSources that are no array/,
        'x',
      ],
      [{ configurationId: 'x', content: { channels: 'a' } }, /channels that are no array/, 'x'],
      [{ configurationId: 'x', content: { kind: 'Novel' } }, /unknown kind 'Novel'/, 'x'],
      [configuration({}), /comes twice/, undefined],
    ] as const) {
      const { configurations, findings } = parse(good, odd);
      assert.deepEqual(
        configurations.map(({ configurationId }) => configurationId),
        [ID],
      );
      assert.equal(findings.length, 1);
      assert.match(findings[0]!.reason, reason);
      assert.equal(findings[0]!.configurationId, id);
    }
  });

  test('a data source or channel that cannot be read is left out alone', () => {
    const { configurations, findings } = parse(
      configuration({ dataSources: [null, SOURCE, { id: 1, kind: 'x' }], channels: [[], ODS] }),
    );
    assert.deepEqual(configurations[0]?.content, { dataSources: [SOURCE], channels: [ODS] });
    assert.deepEqual(
      findings.map(({ reason }) => reason.replace(ID, 'ID')),
      [
        "configuration 'ID': data source 0 cannot be read",
        "configuration 'ID': data source 2 cannot be read",
        "configuration 'ID': channel 0 cannot be read",
      ],
    );
  });

  test('streams and channel ids of a wrong type are left out', () => {
    const source = { ...SOURCE, streams: ['x', { stream: 1 }, SOURCE.streams[0]] };
    const content = { dataSources: [{ ...source, sendToChannels: [1, 'ods-1'] }], channels: [ODS] };
    assert.deepEqual(contentOf(content), { dataSources: [SOURCE], channels: [ODS] });
  });

  test('a removed configuration is not there', () => {
    const { configurations, findings } = parse(configuration({}, { op: 'Removed' }));
    assert.deepEqual([configurations, findings], [[], []]);
  });

  test('something else altogether is refused', () => {
    for (const json of [null, 1, 'x', [], {}, { configurations: {} }]) {
      assert.throws(() => parseAgentConfigurations(json), { code: 'CONTROL_PLANE_REFUSED' });
    }
  });
});
