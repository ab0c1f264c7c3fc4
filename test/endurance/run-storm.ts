/**
 * The kill storm: an agent under load, killed at random moments and started again, while one of
 * its two destinations flaps. What must hold afterwards is in `storm-verdict.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentStatus } from '@dcr-agent/agent';
import {
  type AgentProcess,
  type LaunchedAgent,
  launchAgentProcess,
  pollUntil,
} from '../support/processes.ts';
import { pick, seededRandom } from '../support/seeded-random.ts';
import { syslogPortOf } from '../support/syslog-rule.ts';
import type { Arrivals } from './arrivals.ts';
import { isEverythingDelivered } from './ledger.ts';
import {
  type SyslogSender,
  startEventWriter,
  startLineWriter,
  startSyslogSender,
  type Writer,
} from './load.ts';
import { numberedTexts, type SourceName } from './numbered-text.ts';
import { waitedMs } from './process-sample.ts';
import { type Stage, setStage } from './stage.ts';
import { type Kill, type StormReport, stormReport } from './storm-verdict.ts';
import { flap } from './weather.ts';

export interface StormOptions {
  /** An empty folder for everything. */
  readonly folder: string;
  readonly kills: number;
  /** Decides moments and moods; how the processes are scheduled it cannot decide. */
  readonly seed: number;
  /** Records a second of messages and of lines each; events are a tenth. */
  readonly rate: number;
  /** How long an agent that has come up may live. */
  readonly lifeMsMax: number;
  /** Runs what was built, not the source. */
  readonly isBuilt: boolean;
  readonly onKill?: (kills: number) => void;
}

/** Of all kills, those that hit an agent which has not come up yet. */
const EARLY_SHARE = 0.2;
const EARLY_MS_MAX = 700;
const LAST_LIFE_MS = 500;
/** A backlog of hours must be gone by then. */
const ARRIVAL_MS_MAX = 120_000;

interface Storm {
  readonly options: StormOptions;
  readonly stage: Stage;
  readonly sender: SyslogSender;
  readonly writers: Readonly<Record<SourceName, Writer>>;
  readonly random: () => number;
  readonly agents: AgentProcess[];
  readonly kills: Kill[];
}

export async function runStorm(options: StormOptions): Promise<StormReport> {
  const startedAt = performance.now();
  const texts = numberedTexts(options.seed);
  const sender = startSyslogSender(texts, options.rate);
  let writers: Storm['writers'] | undefined;
  const written = (source: SourceName): number => writers?.[source].written ?? 0;
  const stage = await setStage(options.folder, written, options.isBuilt);
  writers = {
    messages: sender,
    lines: startLineWriter(texts, { path: stage.linesPath, perSecond: options.rate }),
    events: startEventWriter(texts, stage.eventsPath, options.rate / 10),
  };
  const random = seededRandom(options.seed);
  const storm: Storm = { options, stage, sender, writers, random, agents: [], kills: [] };
  const calm = new AbortController();
  const weather = flap(stage.services.two, seededRandom(options.seed + 1), calm.signal);
  try {
    for (let kill = 1; kill <= options.kills; kill++) {
      await liveAndDie(storm);
      options.onKill?.(kill);
    }
    calm.abort();
    const status = await liveHappily(storm);
    await weather;
    return stormReport({
      stage,
      status,
      writers,
      sender,
      kills: storm.kills,
      log: storm.agents.map((agent) => agent.log()).join(''),
      seconds: (performance.now() - startedAt) / 1_000,
    });
  } finally {
    calm.abort();
    await weather;
    await Promise.all([writers.lines, writers.events, sender].map((writer) => writer.stop()));
    for (const agent of storm.agents) agent.signal('SIGKILL');
    await stage.close();
  }
}

async function liveAndDie(storm: Storm): Promise<void> {
  const { random, sender, kills } = storm;
  const agent = await launch(storm);
  const isEarly = random() < EARLY_SHARE;
  let waitedBefore = 0;
  if (isEarly) {
    await delay(random() * EARLY_MS_MAX);
  } else {
    await agent.ready;
    sender.connect(await portOf(agent));
    waitedBefore = waitedMs(agent.pid);
    await delay(random() ** pick(random, [1, 3]) * storm.options.lifeMsMax);
  }
  const waited = waitedMs(agent.pid) - waitedBefore;
  kills.push({ isEarly, atMs: performance.now(), waitedMs: waited });
  agent.signal('SIGKILL');
  const end = await agent.ended;
  if (end !== 'SIGKILL') throw new Error(`the agent ended by itself: ${end}\n${agent.log()}`);
}

/** Everything that is still to come comes; a stop and a start later nothing has changed. */
async function liveHappily(storm: Storm): Promise<AgentStatus> {
  const { sender, writers, stage } = storm;
  const first = await launch(storm);
  await first.ready;
  sender.connect(await portOf(first));
  await delay(LAST_LIFE_MS);
  await Promise.all([sender, writers.lines, writers.events].map((writer) => writer.stop()));
  const { one, two } = stage.arrivals;
  const isThereIn = async (arrivals: Arrivals): Promise<boolean> =>
    arrivals.has('messages', sender.written) &&
    arrivals.distinct('lines') === writers.lines.written &&
    arrivals.distinct('events') === writers.events.written;
  // The flapping one may be in a long back-off, which a stop does not wait out.
  await pollUntil(() => isThereIn(one), Boolean, ARRIVAL_MS_MAX);
  const end = await first.stop();
  if (end !== 0) throw new Error(`the agent ended with ${end}\n${first.log()}`);
  const second = await launch(storm);
  await second.ready;
  await pollUntil(() => isThereIn(two), Boolean, ARRIVAL_MS_MAX);
  const status = await pollUntil(() => second.status(), isEverythingDelivered, ARRIVAL_MS_MAX);
  await second.stop();
  return status;
}

async function launch({ stage, agents }: Storm): Promise<LaunchedAgent> {
  const agent = await launchAgentProcess(stage.agent);
  agents.push(agent);
  return agent;
}

async function portOf(agent: AgentProcess): Promise<number> {
  const status = await pollUntil(
    () => agent.status(),
    (answer) => syslogPortOf(answer) !== undefined,
  );
  return syslogPortOf(status)!;
}
