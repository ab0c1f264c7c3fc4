/** A condition of a query and how many events fulfil it. */
import {
  compileConditionPredicate,
  type EventElement,
  type EventPredicate,
  inChannel,
  listConditions,
  type QueryCondition,
  type SingleCondition,
  type StringCase,
  type WrittenCondition,
} from '@dcr-agent/schema/event-queries';
import type { QueryPart } from './query-part.ts';

export class AskedCondition {
  readonly kind: WrittenCondition['kind'];
  readonly text: string;
  readonly members: readonly AskedCondition[];
  /** `null` where it joins others. */
  readonly single: SingleCondition | null;
  readonly isChannel: boolean;
  /** Events that fulfil it. */
  alone = 0;
  /** Events that fulfil it and what stands before it and is joined to it by `and`. */
  left = 0;
  /** The answers for the event asked last. */
  isMet = false;
  isLeft = false;
  readonly #isMet: EventPredicate;
  readonly #isLeft: EventPredicate;

  constructor(condition: WrittenCondition, members: readonly AskedCondition[], isChannel = false) {
    this.kind = condition.kind;
    this.text = condition.text;
    this.members = members;
    this.single = condition.kind === 'single' ? condition : null;
    this.isChannel = isChannel;
    this.#isMet = compileConditionPredicate(condition.alone);
    this.#isLeft = compileConditionPredicate(condition.inTurn);
  }

  ask(event: EventElement, nowMs: number): void {
    this.isMet = this.#isMet(event, nowMs);
    this.isLeft = this.isMet && this.#isLeft(event, nowMs);
    if (this.isMet) this.alone++;
    if (this.isLeft) this.left++;
    for (const member of this.members) member.ask(event, nowMs);
  }
}

/** The conditions of a query below one that joins them; its channel is the first of them. */
export function askedConditions(part: QueryPart, stringCase: StringCase): AskedCondition {
  const { channel } = part;
  const query = listConditions(part.query, stringCase);
  if (channel === null) return askedCondition(query, null);
  const isInChannel = inChannel(channel, EVERY_EVENT);
  const text = `channel ${channel}`;
  const ofChannel = { kind: 'single', text, nodes: null, nodesText: CHANNEL_PATH } as const;
  const first = { ...ofChannel, alone: isInChannel, inTurn: isInChannel };
  const rest = askedCondition(query, channel);
  const whole = inChannel(channel, query.alone);
  const members = [new AskedCondition(first, [], true), ...(isFlat(query) ? rest.members : [rest])];
  return new AskedCondition(
    { kind: 'and', text: query.text, alone: whole, inTurn: whole, members: [] },
    members,
  );
}

const CHANNEL_PATH = 'System/Channel';

/** Members of the query itself stand beside the channel. */
function isFlat({ kind }: WrittenCondition): boolean {
  return kind === 'and';
}

function askedCondition(condition: WrittenCondition, channel: string | null): AskedCondition {
  const inTurn = channel === null ? condition.inTurn : inChannel(channel, condition.inTurn);
  const members = condition.kind === 'single' ? [] : condition.members;
  return new AskedCondition(
    { ...condition, inTurn },
    members.map((member) => askedCondition(member, channel)),
  );
}

const EVERY_EVENT: QueryCondition = { kind: 'constant', holds: true };
