/** `dcr-agent status` for people: rules, sources, destinations and the ledger, in columns. */
import { isBalanced, type Loss, OUTCOMES } from '../buffer/durable-buffer.ts';
import type { AgentStatus } from '../health/status.ts';
import { printable } from '../host/printable.ts';
import { columns } from './columns.ts';
import { factsText } from './facts-text.ts';
import { age, instant, short, size } from './short-texts.ts';

export function statusTable(status: AgentStatus, nowMs: number): string {
  const lines = [
    ...headLines(status, nowMs),
    '',
    ...sourceLines(status, nowMs),
    '',
    ...destinationLines(status, nowMs),
    '',
    ...ledgerLines(status),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(status: AgentStatus, nowMs: number): string[] {
  const { version, processId, startedAtMs, machine, stateDir, buffer } = status;
  return [
    `dcr-agent ${version}, process ${processId}, up ${age(startedAtMs, nowMs)}`,
    `machine   ${machine.resourceId || 'not known'}`,
    `state     ${stateDir}, ${size(buffer.diskBytes)} of ${size(buffer.quotaBytes)} (${short(buffer.quotaFrom)})`,
    ...buffer.losses.slice(0, LOSSES_SHOWN).map((loss) => `lost      ${lossText(loss, nowMs)}`),
    ...buffer.setAside.map(({ path, bytes }) => `set aside ${path}, ${size(bytes)}`),
    `rules     ${rulesText(status.rules, nowMs)}`,
    ...status.skipped.map(
      ({ configurationId, dataSource, reason }) =>
        `not done  ${short(configurationId)}/${dataSource || '*'}: ${reason}`,
    ),
    ...status.refusedQueries.map(
      ({ flow, query, reason }) => `not done  ${short(flow)}: query '${query}': ${reason}`,
    ),
  ].map(printable);
}

/** The others are in `--json`. */
const LOSSES_SHOWN = 5;

function lossText(loss: Loss, nowMs: number): string {
  const { atMs, flow, destination, records, fromMs, toMs } = loss;
  const until = instant(toMs);
  const span = fromMs === null ? `until ${until}` : `from ${instant(fromMs)} to ${until}`;
  const what = `${records} records of ${short(flow)} for ${short(destination)}`;
  return `${what}, ${span}, by damage found ${age(atMs, nowMs)} ago`;
}

function rulesText(rules: AgentStatus['rules'], nowMs: number): string {
  const list = Array.isArray(rules.configurations) ? rules.configurations : [];
  const from = rules.activeEndpoint ?? rules.endpoint ?? rules.folder ?? 'unknown';
  const failure = rules.lastFailure as Failure | null | undefined;
  return `${list.length} from ${from}${failure ? `; they stay, but: ${failureText(failure, nowMs)}` : ''}`;
}

function sourceLines(status: AgentStatus, nowMs: number): string[] {
  const rows = status.sources.map(({ key, state, lastFailure, facts }) => [
    key,
    state,
    failureText(lastFailure, nowMs),
    factsText(facts),
  ]);
  return columns([['SOURCE', 'STATE', 'LAST FAILURE', 'FACTS'], ...rows]);
}

function destinationLines(status: AgentStatus, nowMs: number): string[] {
  const rows = status.lanes.map(({ destination, address, state, lastSuccessAtMs, lastFailure }) => [
    short(destination),
    short(URL.canParse(address) ? new URL(address).host : address),
    state,
    lastSuccessAtMs === null ? 'never' : `${age(lastSuccessAtMs, nowMs)} ago`,
    failureText(lastFailure, nowMs),
  ]);
  return columns([['DESTINATION', 'HOST', 'STATE', 'LAST DELIVERY', 'LAST FAILURE'], ...rows]);
}

const COUNTS = ['read', ...OUTCOMES] as const;

function ledgerLines(status: AgentStatus): string[] {
  const head = ['FLOW', 'DESTINATION', ...COUNTS.map((name) => name.toUpperCase()), 'REASONS'];
  const rows = status.ledger.map((row) => [
    short(row.flow),
    short(row.destination.slice(row.destination.indexOf('/') + 1)),
    ...COUNTS.map((name) => String(row[name])),
    [
      ...(isBalanced(row) ? [] : ['DOES NOT ADD UP']),
      ...row.reasons.map(({ reason, count }) => `${reason}: ${count}`),
    ].join(', '),
  ]);
  return [
    ...columns([head, ...rows]),
    status.isBalanced
      ? `the ledger balances: read = ${OUTCOMES.join(' + ')}`
      : 'THE LEDGER DOES NOT BALANCE',
  ];
}

interface Failure {
  readonly atMs: number;
  readonly reason: string;
}

function failureText(failure: Failure | null | undefined, nowMs: number): string {
  return failure ? `${failure.reason} (${age(failure.atMs, nowMs)} ago)` : '-';
}
