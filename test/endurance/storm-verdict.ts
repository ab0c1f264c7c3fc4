/** What must hold after a kill storm, and how it is told. */
import type { AgentStatus } from '@dcr-agent/agent';
import { differences } from './arrivals.ts';
import { type AccountOf, accountsOf } from './ledger.ts';
import type { SyslogSender, Writer } from './load.ts';
import type { SourceName } from './numbered-text.ts';
import { DESTINATIONS, type Stage } from './stage.ts';

export interface Kill {
  /** The agent had not come up yet. */
  readonly isEarly: boolean;
  /** On the monotonic clock. */
  readonly atMs: number;
  /** For a processor, while its messages came: a machine that is too busy, not a slow agent. */
  readonly waitedMs: number;
}

/** Messages that a kill has cost: the last ones of a connection. */
export interface Loss {
  readonly messages: number;
  /** How long before the kill the first of them was sent. */
  readonly ageMs: number;
  /** How much of that the agent may have been waiting for a processor. */
  readonly waitedMs: number;
}

export interface StormReport {
  readonly seconds: number;
  readonly kills: number;
  readonly earlyKills: number;
  readonly written: Readonly<Record<SourceName, number>>;
  readonly accounts: readonly AccountOf[];
  readonly losses: readonly Loss[];
  readonly repeatedBatches: Readonly<Record<string, number>>;
  /** Of the flapping destination: how often each mood was met. */
  readonly met: ReadonlyMap<string, number>;
  /** Broken promises; none is the only good number. */
  readonly violations: readonly string[];
}

export interface StormFacts {
  readonly stage: Stage;
  readonly status: AgentStatus;
  readonly writers: Readonly<Record<SourceName, Writer>>;
  readonly sender: SyslogSender;
  readonly kills: readonly Kill[];
  /** Of all agents, lines of JSON. */
  readonly log: string;
  readonly seconds: number;
}

export function stormReport(facts: StormFacts): StormReport {
  const { stage, status, writers, kills, seconds } = facts;
  const accounts = accountsOf(status, stage);
  const { losses, gaps } = lossesOf(facts);
  const { messages, lines, events } = writers;
  return {
    seconds,
    kills: kills.length,
    earlyKills: kills.filter(({ isEarly }) => isEarly).length,
    written: { messages: messages.written, lines: lines.written, events: events.written },
    accounts,
    losses,
    repeatedBatches: Object.fromEntries(
      DESTINATIONS.map((name) => [name, stage.arrivals[name].repeatedBatches]),
    ),
    met: stage.services.two.met,
    violations: [
      ...notConserved(facts),
      ...gaps,
      ...findings(facts),
      ...unbalanced(facts, accounts),
      ...complaints(facts.log),
    ],
  };
}

/** What is read from a file is in each destination; what one has of messages the other has. */
function notConserved({ stage, writers }: StormFacts): string[] {
  const missing = DESTINATIONS.flatMap((name) =>
    (['lines', 'events'] as const).flatMap((source) => {
      const numbers = stage.arrivals[name].missing(source, writers[source].written);
      return numbers.length === 0
        ? []
        : [`${numbers.length} ${source} are not in ${name}, first ${numbers.slice(0, 5)}`];
    }),
  );
  const { one, two } = stage.arrivals;
  const odd = differences(one, two, (source) => writers[source].written);
  const word = `${odd.length} records are in one destination only, first ${odd.slice(0, 5)}`;
  return odd.length === 0 ? missing : [...missing, word];
}

/** A kill may cost the end of a connection, and nothing before what arrived. */
function lossesOf({ stage, sender, kills }: StormFacts): { losses: Loss[]; gaps: string[] } {
  const losses: Loss[] = [];
  const gaps: string[] = [];
  const { one } = stage.arrivals;
  for (const { first, last, closedAtMs } of sender.connections) {
    let end = last;
    while (end >= first && !one.has('messages', end)) end -= 1;
    for (let n = first; n <= end; n++) {
      if (!one.has('messages', n)) gaps.push(`message ${n} was lost, and ${end} after it was not`);
    }
    if (end === last) continue;
    const kill = kills.findLast(({ atMs }) => atMs <= closedAtMs);
    if (kill === undefined || closedAtMs === Number.POSITIVE_INFINITY)
      gaps.push(`messages from ${end + 1} on were lost without a kill`);
    else {
      const ageMs = kill.atMs - sender.sentAt(end + 1);
      losses.push({ messages: last - end, ageMs, waitedMs: kill.waitedMs });
    }
  }
  return { losses, gaps };
}

function findings({ stage }: StormFacts): string[] {
  return DESTINATIONS.flatMap((name) =>
    [...stage.arrivals[name].findings].map(
      ([what, { count, samples }]) => `${count} ${what} in ${name}: ${samples.join(' | ')}`,
    ),
  );
}

function unbalanced(
  { stage, status, writers }: StormFacts,
  accounts: readonly AccountOf[],
): string[] {
  const wrong = accounts.filter(({ source, destination, read, delivered, buffered, other }) => {
    const arrived = stage.arrivals[destination].distinct(source);
    const isWhole = source === 'messages' || read === writers[source].written;
    return !isWhole || read !== arrived || delivered !== arrived || buffered + other !== 0;
  });
  const words = wrong.map((account) => `the ledger is wrong: ${JSON.stringify(account)}`);
  return status.isBalanced ? words : ['the ledger does not balance', ...words];
}

/** A kill is no reason for an error in the agent's own log. */
function complaints(log: string): string[] {
  const errors = log
    .split('\n')
    .filter((line) => !line.startsWith('{') || line.includes('"level":"error"'))
    // The last line of an agent that was killed while it wrote, and what Node says by itself.
    .filter((line) => line.includes('"error"') || /Error|assert/.test(line));
  return errors.length === 0
    ? []
    : [`${errors.length} errors in the agent's log, first: ${errors[0]?.slice(0, 300)}`];
}
