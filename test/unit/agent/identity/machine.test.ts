import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import {
  cloudOfEndpoint,
  cloudOfEnvironment,
  controlAudienceOf,
  controlEndpointOf,
} from '../../../../packages/agent/src/identity/cloud.ts';
import {
  identifyMachine,
  type Machine,
  type MachineConfig,
} from '../../../../packages/agent/src/identity/machine.ts';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.ts';
import { inTurn, startLocalServer } from '../../../support/local-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

const never = new AbortController().signal;
const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1';
const COMPUTE = {
  resourceId: ID,
  location: 'WestEurope',
  azEnvironment: 'AzureUSGovernmentCloud',
};

/** In a state directory of its own, unless the test has one. */
async function identify(host: FakeHost, config: Partial<MachineConfig>): Promise<Machine> {
  const stateDir = config.stateDir ?? (await temporaryFolder());
  return identifyMachine(host, { ...config, stateDir }, never);
}

suite('which machine this is', () => {
  test('the metadata service knows it', async (t) => {
    const server = await startLocalServer(t, () => ({ status: 200, body: { compute: COMPUTE } }));
    const metadataEndpoint = `${server.url}/machines/vm1/`;
    const machine = await identify(createFakeHost(), { metadataEndpoint });
    assert.equal(machine.resourceId, ID);
    assert.equal(machine.region, 'westeurope');
    assert.equal(machine.cloud.monitorDomain, 'monitor.azure.us');
    assert.equal(server.requests[0]!.url, '/machines/vm1/metadata/instance?api-version=2021-02-01');
    assert.equal(server.requests[0]!.headers.metadata, 'true');
  });

  test("Azure Arc's service is asked where it is here, in its own version", async (t) => {
    const server = await startLocalServer(t, () => ({ status: 200, body: { compute: COMPUTE } }));
    process.env.IMDS_ENDPOINT = server.url;
    t.after(() => delete process.env.IMDS_ENDPOINT);
    const machine = await identify(createFakeHost(), {});
    assert.equal(machine.resourceId, ID);
    assert.equal(server.requests[0]!.url, '/metadata/instance?api-version=2019-11-01');
  });

  test('what is configured is not asked', async (t) => {
    const server = await startLocalServer(t);
    const machine = await identify(createFakeHost(), {
      resourceId: ID,
      region: 'northeurope',
      metadataEndpoint: server.url,
    });
    assert.equal(machine.resourceId, ID);
    assert.equal(machine.region, 'northeurope');
    assert.equal(server.requests.length, 0);
  });

  test('a configured id wins over the metadata service, which fills in the region', async (t) => {
    const server = await startLocalServer(t, () => ({ status: 200, body: { compute: COMPUTE } }));
    const config = { resourceId: '/other/id', metadataEndpoint: server.url };
    const machine = await identify(createFakeHost(), config);
    assert.equal(machine.resourceId, '/other/id');
    assert.equal(machine.region, 'westeurope');
  });

  test('without any region the id is enough', async () => {
    const host = createFakeHost();
    const config = { resourceId: ID, metadataEndpoint: 'http://127.0.0.1:1' };
    const machine = await identify(host, config);
    assert.equal(machine.region, '');
    assert.equal(host.log.entries[0]?.message, 'the region of this machine is not known');
  });

  test('a machine with local rules only may stay unknown, after one question', async (t) => {
    const server = await startLocalServer(t, () => ({ status: 503 }));
    const host = createFakeHost();
    const config = { metadataEndpoint: server.url, mayBeUnknown: true };
    const machine = await identify(host, config);
    assert.deepEqual([machine.resourceId, machine.region], ['', '']);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(host.log.entries, []);
  });

  test('a configured control endpoint tells the cloud', async () => {
    const controlEndpoint = 'https://global.handler.control.monitor.azure.cn';
    const config = { resourceId: ID, region: 'chinaeast2', controlEndpoint };
    const { cloud } = await identify(createFakeHost(), config);
    assert.equal(cloud.name, 'AzureChinaCloud');
  });

  for (const [what, answer] of [
    ['refuses', { status: 403 }],
    ['has no such thing', { status: 404 }],
    ['answers something else', { status: 200, body: '<html>' }],
    ['knows no resource id', { status: 200, body: { compute: { location: 'x' } } }],
  ] as const) {
    test(`a service that ${what} leaves it unknown, and the error says what to set`, async (t) => {
      const server = await startLocalServer(t, () => answer);
      const config = { metadataEndpoint: server.url };
      await assert.rejects(identify(createFakeHost(), config), {
        code: 'MACHINE_UNKNOWN',
        message: /metadata\/instance: .*set machine\.resourceId .*DCR_AGENT_MACHINE_RESOURCE_ID/,
      });
      assert.equal(server.requests.length, 1);
    });
  }

  test("the service's own words are part of the error", async (t) => {
    const body = { error: { message: 'There is no machine web9 here.' } };
    const server = await startLocalServer(t, () => ({ status: 400, body }));
    await assert.rejects(identify(createFakeHost(), { metadataEndpoint: server.url }), {
      message: /answered 400: There is no machine web9 here\.; set machine/,
    });
  });

  test('while the service is away the machine is what it was', async (t) => {
    let isAway = false;
    const away = { status: 503 };
    const server = await startLocalServer(t, () =>
      isAway ? away : { status: 200, body: { compute: COMPUTE } },
    );
    const config = { stateDir: await temporaryFolder(), metadataEndpoint: server.url };
    const known = await identify(createFakeHost(), config);
    isAway = true;
    const host = createFakeHost();
    const again = identify(host, config);
    for (let question = 1; question < 3; question++) {
      await until('it is asked in vain', () => host.clock.nextWakeMs === 1_000);
      await host.clock.advance(1_000);
    }
    assert.deepEqual(await again, known);
    assert.match(host.log.entries[0]!.message, /is taken to be what it was/);
    const other = { ...config, metadataEndpoint: 'http://127.0.0.1:1' };
    await assert.rejects(identify(createFakeHost(), other), { code: 'METADATA_UNAVAILABLE' });
  });

  test('a service that no longer knows the machine is believed', async (t) => {
    const answers = inTurn({ status: 200, body: { compute: COMPUTE } }, { status: 404 });
    const server = await startLocalServer(t, answers);
    const config = { stateDir: await temporaryFolder(), metadataEndpoint: server.url };
    await identify(createFakeHost(), config);
    await assert.rejects(identify(createFakeHost(), config), { code: 'MACHINE_UNKNOWN' });
  });

  test('a damaged memory is none', async () => {
    const stateDir = await temporaryFolder();
    await writeFile(join(stateDir, 'machine.json'), '{"version":1');
    const host = createFakeHost();
    const config = { stateDir, metadataEndpoint: 'http://127.0.0.1:1' };
    await assert.rejects(identify(host, config), { code: 'METADATA_UNAVAILABLE' });
    assert.match(host.log.entries[0]!.message, /cannot be read/);
  });

  test('a busy service is asked again', async (t) => {
    const ok = { status: 200, body: { compute: COMPUTE } };
    const server = await startLocalServer(t, inTurn({ status: 503 }, { status: 429 }, ok));
    const host = createFakeHost();
    const machine = identify(host, { metadataEndpoint: server.url });
    for (const count of [1, 2]) {
      await until(`answer ${count} is in`, () => host.clock.nextWakeMs === 1_000);
      await host.clock.advance(1_000);
    }
    assert.equal((await machine).resourceId, ID);
  });
});

suite('clouds', () => {
  test('are known by name, ignoring case; any other is the public one', () => {
    assert.equal(
      controlAudienceOf(cloudOfEnvironment('azurechinacloud')),
      'https://monitor.azure.cn/',
    );
    assert.equal(
      controlAudienceOf(cloudOfEnvironment('usnat')),
      'https://monitor.azure.eaglex.ic.gov/',
    );
    assert.equal(cloudOfEnvironment('local').name, 'AzurePublicCloud');
    assert.equal(cloudOfEnvironment(undefined).name, 'AzurePublicCloud');
  });

  test('are known by the host of an endpoint, not by any part of it', () => {
    const us = 'https://dce1-a1b2.usgovvirginia-1.handler.control.monitor.azure.us/';
    assert.equal(cloudOfEndpoint(us).name, 'AzureUSGovernmentCloud');
    for (const other of ['http://127.0.0.1:8080', 'https://x.test/monitor.azure.us', 'nonsense']) {
      assert.equal(cloudOfEndpoint(other).name, 'AzurePublicCloud');
    }
  });

  test('have a global control endpoint', () => {
    const endpoint = 'https://global.handler.control.monitor.azure.com';
    assert.equal(controlEndpointOf(cloudOfEnvironment('AzurePublicCloud')), endpoint);
  });
});
