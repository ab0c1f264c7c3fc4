/**
 * A destination that is away for a while, and how fast what has gathered meanwhile is delivered
 * after it, beside the messages that go on coming. All records are counted by their numbers.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/outage.bench.ts [PER-SECOND] [SECONDS]`
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../support/processes.ts';
import { type AgentAtWork, startAgentAtWork } from './support/agent-at-work.ts';

const [perSecond = 50_000, outageSeconds = 15] = process.argv.slice(2).map(Number);
/** What always waits: batches are filled for two seconds, and some are under way. */
const USUAL_SECONDS = 3;

async function deliveryOf({
  agent,
}: AgentAtWork): Promise<{ buffered: number; delivered: number }> {
  const { ledger } = await agent.status();
  const rows = ledger.filter(({ flow }) => !flow.includes('heartbeat'));
  return {
    buffered: rows.reduce((sum, { buffered }) => sum + buffered, 0),
    delivered: rows.reduce((sum, { delivered }) => sum + delivered, 0),
  };
}

const atWork = await startAgentAtWork(
  { destinations: 1, facilityNames: ['*'], logLevels: ['*'] },
  { heartbeat: { intervalSeconds: 3600 } },
);
try {
  const messages = perSecond * outageSeconds * 3;
  const sending = atWork.send(messages, perSecond);
  await pollUntil(
    () => deliveryOf(atWork),
    ({ delivered }) => delivered > 0,
  );
  await fetch(`${atWork.sink.url}/refuse`);
  await delay(outageSeconds * 1_000);
  const atEnd = await deliveryOf(atWork);
  await fetch(`${atWork.sink.url}/accept`);
  const acceptedAt = performance.now();
  await pollUntil(
    () => deliveryOf(atWork),
    ({ delivered }) => delivered > atEnd.delivered,
    60_000,
  );
  const resumedAt = performance.now();
  await pollUntil(
    () => deliveryOf(atWork),
    ({ buffered }) => buffered < perSecond * USUAL_SECONDS,
    120_000,
  );
  const drainSeconds = (performance.now() - resumedAt) / 1_000;
  await sending;
  await pollUntil(
    () => deliveryOf(atWork),
    ({ delivered, buffered }) => delivered === messages && buffered === 0,
    120_000,
  );
  await atWork.agent.stop();
  const verdicts = await atWork.sink.verify();
  if (verdicts.d1?.different !== messages) throw new Error(JSON.stringify(verdicts));
  const result = {
    perSecond,
    outageSeconds,
    backlog: atEnd.buffered,
    noticedAfterSeconds: Number(((resumedAt - acceptedAt) / 1_000).toFixed(1)),
    drainSeconds: Number(drainSeconds.toFixed(1)),
    timesFasterThanItFilled: Number((outageSeconds / drainSeconds).toFixed(1)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await atWork.close();
}
