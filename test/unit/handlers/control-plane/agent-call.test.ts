import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAgentCall } from '../../../../packages/handlers/src/control-plane/agent-call.ts';

const MACHINE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HybridCompute/machines/m';

function read(path: string) {
  return toAgentCall(path.slice(1).split('/'));
}

test('every form of the URL is read', () => {
  assert.deepEqual(read(`${MACHINE}/agentConfigurations`), { machineId: MACHINE });
  assert.deepEqual(read(`/locations/westeurope${MACHINE}/agentConfigurations`), {
    machineId: MACHINE,
    region: 'westeurope',
  });
  const channel = '/dcr-1/channels/ods-2/issueIngestionToken';
  const call = { machineId: MACHINE, channel: { ruleId: 'dcr-1', id: 'ods-2' } };
  assert.deepEqual(read(`${MACHINE}/agentConfigurations${channel}`), call);
  assert.deepEqual(read(`/LOCATIONS/x${MACHINE}/AgentConfigurations${channel.toUpperCase()}`), {
    machineId: MACHINE,
    region: 'x',
    channel: { ruleId: 'DCR-1', id: 'ODS-2' },
  });
});

test('what no agent calls is nothing', () => {
  for (const path of [
    MACHINE,
    '/agentConfigurations',
    '/locations/x/agentConfigurations',
    `${MACHINE}/agentConfigurations/dcr-1`,
    `${MACHINE}/agentConfigurations/dcr-1/channels/ods-2`,
    `${MACHINE}/agentConfigurations/dcr-1/channels/ods-2/issueIngestionToken/more`,
    `${MACHINE}/agentConfigurations/dcr-1/other/ods-2/issueIngestionToken`,
  ]) {
    assert.equal(read(path), undefined, path);
  }
});
