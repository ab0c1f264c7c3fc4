/**
 * Changes to a state directory: by the agent that uses it, or, when none does, by this process,
 * which keeps agents out meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { QuarantineOutcome } from '../../buffer/durable-buffer.ts';
import { type RepairReport, repairDirectory } from '../../buffer/recovery.ts';
import { openSqliteBuffer } from '../../buffer/sqlite-buffer.ts';
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { AgentError, isAgentError, reasonOf } from '../../errors.ts';
import { ENTRIES_PER_REQUEST, outcomesOf } from '../../health/books-at-work.ts';
import { systemClock } from '../../host/clock.ts';
import { silentLog } from '../../host/log.ts';
import { createPinoLog } from '../../host/pino-log.ts';
import { quotaInForce } from '../../quota-in-force.ts';
import { askAgent, refusalOf } from '../ask-agent.ts';
import { findAgent } from '../find-agent.ts';

/** A repair may copy gigabytes. */
const ANSWER_MS_MAX = 600_000;

export type QuarantineChange = 'replay' | 'drop';

/** What became of each entry, by number. Throws `BUFFER_LOCKED` when the agent cannot be asked. */
export async function changeQuarantine(
  resolved: ResolvedConfig,
  change: QuarantineChange,
  ids: readonly number[],
): Promise<ReadonlyMap<number, QuarantineOutcome>> {
  try {
    return await changeHere(resolved, change, ids);
  } catch (error) {
    if (!isAgentError(error, 'BUFFER_LOCKED')) throw error;
    return await changeThere(resolved, change, ids, error);
  }
}

async function changeHere(
  { config }: ResolvedConfig,
  change: QuarantineChange,
  ids: readonly number[],
): Promise<ReadonlyMap<number, QuarantineOutcome>> {
  const log = createPinoLog({ level: 'warn', format: 'text' }, (line) => {
    process.stderr.write(line);
  });
  const buffer = openSqliteBuffer({
    path: config.stateDir,
    host: { clock: systemClock, guid: () => randomUUID(), log },
    quotaBytes: quotaInForce(config).quotaBytes,
  });
  try {
    const outcomes = outcomesOf(ids, (id) =>
      change === 'replay' ? buffer.replayQuarantined(id) : buffer.dropQuarantined(id),
    );
    return toMap(outcomes);
  } finally {
    await buffer.close();
  }
}

async function changeThere(
  resolved: ResolvedConfig,
  change: QuarantineChange,
  ids: readonly number[],
  locked: AgentError,
): Promise<ReadonlyMap<number, QuarantineOutcome>> {
  const socket = await socketOf(resolved, locked);
  const outcomes = new Map<number, QuarantineOutcome>();
  for (let at = 0; at < ids.length; at += ENTRIES_PER_REQUEST) {
    const some = ids.slice(at, at + ENTRIES_PER_REQUEST);
    const query = some.map((id) => `id=${id}`).join('&');
    const body = await post(socket, `/quarantine/${change}?${query}`);
    for (const [id, outcome] of toMap(body as Record<string, QuarantineOutcome>)) {
      outcomes.set(id, outcome);
    }
  }
  return outcomes;
}

/** Sets the buffer aside and salvages it. Throws `BUFFER_LOCKED` as `changeQuarantine` does. */
export async function repairState(resolved: ResolvedConfig): Promise<RepairReport> {
  const { config } = resolved;
  try {
    const host = { clock: systemClock, log: silentLog };
    return repairDirectory(resolve(config.stateDir), host, quotaInForce(config).quotaBytes);
  } catch (error) {
    if (!isAgentError(error, 'BUFFER_LOCKED')) throw error;
    const body = await post(await socketOf(resolved, error), '/buffer/repair');
    return body as unknown as RepairReport;
  }
}

/** Of the agent that has the directory. Without an answer nothing can be changed. */
async function socketOf(resolved: ResolvedConfig, locked: AgentError): Promise<string> {
  const { path, refusals } = await findAgent(resolved, true);
  if (path !== undefined) return path;
  const lines = [
    `${locked.message} and cannot be asked to change anything:`,
    ...refusals.map((refusal) => `  ${refusal}`),
    'Stop it, or name its socket with --control-socket.',
  ];
  throw new AgentError('BUFFER_LOCKED', lines.join('\n'));
}

async function post(socket: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const answer = await askAgent(socket, { method: 'POST', path, timeoutMs: ANSWER_MS_MAX });
    if (answer.status === 200) return answer.body;
    throw refusalOf(answer);
  } catch (error) {
    const reason = `the agent could not do it: ${reasonOf(error)}`;
    throw new AgentError('BUFFER_IO', reason, { cause: error });
  }
}

function toMap(
  outcomes: Readonly<Record<string, QuarantineOutcome>>,
): Map<number, QuarantineOutcome> {
  return new Map(Object.entries(outcomes).map(([id, outcome]) => [Number(id), outcome]));
}
