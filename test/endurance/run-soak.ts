/** The soak: an agent under a steady load for a long while, and what it holds meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { syslogPortOf } from '../support/syslog-rule.ts';
import { accountsOf, isEverythingDelivered } from './ledger.ts';
import { type SyslogSender, startLineWriter, startSyslogSender, type Writer } from './load.ts';
import { numberedTexts, type SourceName } from './numbered-text.ts';
import { cpuSeconds, type ProcessSample, sampleProcess } from './process-sample.ts';
import { DESTINATIONS, type Stage, setStage } from './stage.ts';

export interface SoakOptions {
  /** An empty folder for everything. */
  readonly folder: string;
  readonly minutes: number;
  /** Events a second: three quarters messages over TCP, the rest lines of a log that rotates. */
  readonly rate: number;
  readonly onSample?: (sample: ProcessSample) => void;
}

export interface SoakReport {
  /** Every five seconds while the load lasted. */
  readonly samples: readonly ProcessSample[];
  readonly cpuSeconds: number;
  readonly written: Readonly<Record<SourceName, number>>;
  /** What is missing, damaged or wrong; nothing should be. */
  readonly violations: readonly string[];
}

const SAMPLE_MS = 5_000;
const MESSAGES_SHARE = 0.75;
const ROTATE_BYTES = 64_000_000;
const REST_MS_MAX = 60_000;

interface Soak {
  readonly options: SoakOptions;
  readonly stage: Stage;
  readonly agent: AgentProcess;
  readonly sender: SyslogSender;
  readonly lines: Writer;
}

export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const texts = numberedTexts(1);
  const sender = startSyslogSender(texts, options.rate * MESSAGES_SHARE);
  let lines: Writer | undefined;
  const stage = await setStage(
    options.folder,
    (source) => (source === 'messages' ? sender.written : (lines?.written ?? 0)),
    true,
  );
  const agent = await startAgentProcess(stage.agent);
  lines = startLineWriter(texts, {
    path: stage.linesPath,
    perSecond: options.rate * (1 - MESSAGES_SHARE),
    rotateBytes: ROTATE_BYTES,
  });
  const soak: Soak = { options, stage, agent, sender, lines };
  try {
    const samples = await load(soak);
    const spent = cpuSeconds(agent.pid);
    await Promise.all([sender.stop(), lines.stop()]);
    return {
      samples,
      cpuSeconds: spent,
      written: { messages: sender.written, lines: lines.written, events: 0 },
      violations: await violations(soak),
    };
  } finally {
    await Promise.all([sender.stop(), lines.stop()]);
    await agent.stop();
    await stage.close();
  }
}

async function load({ options, stage, agent, sender }: Soak): Promise<ProcessSample[]> {
  const port = async (): Promise<number | undefined> => syslogPortOf(await agent.status());
  sender.connect((await pollUntil(port, (found) => found !== undefined))!);
  const startedAt = performance.now();
  const samples: ProcessSample[] = [];
  for (let seconds = 0; seconds < options.minutes * 60; ) {
    await delay(SAMPLE_MS);
    seconds = (performance.now() - startedAt) / 1_000;
    const sample = sampleProcess(agent.pid, stage.agent.stateDir, seconds);
    samples.push(sample);
    options.onSample?.(sample);
  }
  return samples;
}

/** Nothing is killed here, so nothing may be missing, messages included. */
async function violations({ stage, agent, sender, lines }: Soak): Promise<string[]> {
  const { arrivals } = stage;
  // What was written last to a log that was rotated just now need not be read yet.
  const isOver = async (): Promise<boolean> =>
    arrivals.two.has('messages', sender.written) &&
    arrivals.two.has('lines', lines.written) &&
    isEverythingDelivered(await agent.status());
  await pollUntil(isOver, Boolean, REST_MS_MAX);
  const status = await agent.status();
  const findings = DESTINATIONS.flatMap((name) =>
    [...arrivals[name].findings].map(([what, { count }]) => `${count} ${what} in ${name}`),
  );
  const wrong = accountsOf(status, stage, ['messages', 'lines']).flatMap((account) => {
    const written = account.source === 'messages' ? sender.written : lines.written;
    const arrived = arrivals[account.destination].distinct(account.source);
    const isRight = [account.read, account.delivered, arrived].every((n) => n === written);
    return isRight ? [] : [`${written} written, ${arrived} arrived: ${JSON.stringify(account)}`];
  });
  return [...findings, ...wrong, ...(status.isBalanced ? [] : ['the ledger does not balance'])];
}
