/** What a signal does to an agent in mid-upload: delivered or kept, and never both. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import type { Mood } from '../endurance/capture-service.ts';
import { accountsOf, isEverythingDelivered } from '../endurance/ledger.ts';
import { numberedTexts } from '../endurance/numbered-text.ts';
import { setStage } from '../endurance/stage.ts';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LINES_EACH = 2_000;

test('signals in mid-upload, one agent after another on one state directory', async (t) => {
  let written = 0;
  const stage = await setStage(await temporaryFolder(), () => written, false);
  t.after(() => stage.close());
  const { services, arrivals } = stage;
  const texts = numberedTexts(1);

  const start = async (timeoutSeconds: number): Promise<AgentProcess> => {
    const config = { ...stage.agent.config, shutdown: { timeoutSeconds } };
    const agent = await startAgentProcess({ ...stage.agent, config });
    t.after(() => agent.signal('SIGKILL'));
    return agent;
  };

  /** With an upload to the first destination under way; the other one has everything. */
  const startInMidUpload = async (mood: Mood, timeoutSeconds: number): Promise<AgentProcess> => {
    await services.one.setMood(mood);
    const last = written + LINES_EACH;
    while (written < last) appendFileSync(stage.linesPath, `${texts('lines', ++written)}\n`);
    const agent = await start(timeoutSeconds);
    const isUploading = ({ lanes }: AgentStatus): boolean =>
      lanes.some(
        ({ address, inFlight }) => address.startsWith(services.one.origin) && inFlight > 0,
      ) && arrivals.two.distinct('lines') === written;
    assert.ok(isUploading(await pollUntil(() => agent.status(), isUploading)));
    return agent;
  };

  await t.test('SIGTERM waits for a slow service: all is delivered before the end', async () => {
    const agent = await startInMidUpload('dawdle', 20);
    assert.equal(await agent.stop(), 0);
    assert.equal(arrivals.one.distinct('lines'), written);
    assert.equal(arrivals.one.repeatedBatches, 0);
  });

  await t.test('SIGTERM gives up a service that hangs, with 0, and keeps all', async () => {
    const agent = await startInMidUpload('hang', 1);
    assert.equal(await agent.stop(), 0);
    assert.equal(arrivals.one.distinct('lines'), written - LINES_EACH);
  });

  await t.test('a second SIGINT ends an agent that waits for hours at once, with 130', async () => {
    const agent = await startInMidUpload('hang', 3_600);
    agent.signal('SIGINT');
    const isStopping = async (): Promise<boolean> => agent.log().includes('the agent stops');
    assert.ok(await pollUntil(isStopping, Boolean));
    agent.signal('SIGINT');
    assert.equal(await agent.ended, 130);
    assert.equal(arrivals.one.distinct('lines'), written - 2 * LINES_EACH);
  });

  await t.test('the next start delivers what was kept, each line once', async () => {
    await services.one.setMood('fine');
    const agent = await start(20);
    const isWhole = async (): Promise<boolean> =>
      isEverythingDelivered(await agent.status()) && arrivals.one.distinct('lines') === written;
    assert.ok(await pollUntil(isWhole, Boolean));
    const status = await agent.status();
    assert.equal(status.isBalanced, true);
    for (const { destination, read, delivered, other } of accountsOf(status, stage, ['lines'])) {
      assert.deepEqual([read, delivered, other], [written, written, 0], destination);
    }
    for (const { findings } of [arrivals.one, arrivals.two]) assert.deepEqual([...findings], []);
    assert.equal(await agent.stop(), 0);
  });
});
