/** An event made to meet demands: what is asked of one value is asked of it together. */
import { SYSTEM_ELEMENTS } from '../../xpath/check/event-schema.ts';
import type { EventAttribute, EventElement } from '../../xpath/event.ts';
import { asEventsHave, chooseValue } from './choose-value.ts';
import type { Fact } from './fact.ts';
import { DATA, USER_DATA_CHILD } from './place.ts';
import type { Demand, DemandedNode } from './terms.ts';
import { type DraftContext, usualLeaves } from './usual-values.ts';

export interface DraftedEvent {
  readonly event: EventElement;
  /** What was asked for, with the value it has. */
  readonly chosen: readonly ChosenValue[];
}

export interface ChosenValue {
  /** Names from the event down; values of EventData are called `Event/EventData/Data`. */
  readonly path: string;
  /** Name of a value of EventData; '' for others. */
  readonly dataName: string;
  /** `null`: it is only asked to be there. */
  readonly text: string | null;
}

interface DraftNode {
  readonly path: string;
  name: string | null;
  /** Among those of its path; `null`: anywhere. */
  position: number | null;
  /** By `@Name`, or `value`. */
  readonly leaves: Map<string, Fact[]>;
  readonly children: Map<string, DraftNode>;
}

/** `null` when no event was found that meets all demands. */
export function draftEvent(demands: readonly Demand[], context: DraftContext): DraftedEvent | null {
  const root = newNode('', null);
  for (const demand of demands) if (!add(root, demand)) return null;
  const event = root.children.get('Event') ?? newNode('Event', 'Event');
  // An event has values of one of the two kinds.
  const parts = [...event.children.keys()].filter((part) => part !== 'Event/System');
  if (parts.length > 1) return null;
  return new Drafter(context).draft(event);
}

function newNode(path: string, name: string | null): DraftNode {
  return { path, name, position: null, leaves: new Map(), children: new Map() };
}

/** False when an element would need two names. */
function add(root: DraftNode, { nodes, leaf, fact }: Demand): boolean {
  let node = root;
  for (const step of nodes) {
    const below = childFor(node, step);
    if (below.name !== null && step.name !== null && below.name !== step.name) return false;
    below.name ??= step.name;
    below.position ??= step.position ?? null;
    node = below;
  }
  if (leaf === null) return true;
  const facts = node.leaves.get(leaf) ?? [];
  if (fact !== null) facts.push(fact);
  node.leaves.set(leaf, facts);
  return true;
}

function childFor(parent: DraftNode, { path, name, which }: DemandedNode): DraftNode {
  const key = path + which;
  const child = parent.children.get(key) ?? newNode(path, name);
  parent.children.set(key, child);
  return child;
}

class Drafter {
  readonly #context: DraftContext;
  readonly #chosen: ChosenValue[] = [];

  constructor(context: DraftContext) {
    this.#context = context;
  }

  draft(event: DraftNode): DraftedEvent | null {
    const system = this.#system(event.children.get('Event/System'));
    const data = event.children.get('Event/EventData');
    const userData = event.children.get('Event/UserData');
    if (system === null) return null;
    const payload = userData === undefined ? this.#eventData(data) : this.#plain(userData);
    if (payload === null) return null;
    return { event: element('Event', [], [system, payload]), chosen: this.#chosen };
  }

  /** All of its elements, those that are asked for with values that fit. */
  #system(asked: DraftNode | undefined): EventElement | null {
    const children: EventElement[] = [];
    for (const name of Object.keys(SYSTEM_ELEMENTS)) {
      const path = `Event/System/${name}`;
      if (name === 'Container' && asked?.children.get(path) === undefined) continue;
      const node = asked?.children.get(path) ?? newNode(path, name);
      for (const leaf of Object.keys(usualLeaves(path, this.#context))) {
        if (!node.leaves.has(leaf)) node.leaves.set(leaf, []);
      }
      const child = this.#plain(node);
      if (child === null) return null;
      children.push(child);
    }
    return element('System', [], children);
  }

  #eventData(asked: DraftNode | undefined): EventElement | null {
    const nodes = [...(asked?.children.values() ?? [])];
    const placed = placeData(nodes.filter(({ path }) => path === DATA));
    const others = nodes.filter(({ path }) => path !== DATA);
    const children = [...placed, ...others].map((node) => this.#plain(node));
    const attributes = this.#attributes(asked ?? newNode('Event/EventData', 'EventData'));
    const whole = children.filter((child) => child !== null);
    if (attributes === null || whole.length < children.length) return null;
    return element('EventData', attributes, whole);
  }

  /** An element with what is asked of it, and nothing else. */
  #plain(node: DraftNode): EventElement | null {
    const attributes = this.#attributes(node);
    const children = [...node.children.values()].map((child) => this.#plain(child));
    const whole = children.filter((child) => child !== null);
    if (attributes === null || whole.length < children.length) return null;
    const facts = node.leaves.get('value');
    const name = node.name ?? (node.path === USER_DATA_CHILD ? 'EventXML' : 'Data');
    if (node.path === DATA && facts === undefined) this.#note(node, node.path, null);
    if (facts === undefined) return element(name, attributes, whole);
    const text = this.#choose(node, 'value', node.path, facts);
    if (text === null) return null;
    const value = text === '' ? null : ({ type: 'string', text } as const);
    return { name, attributes, children: whole, value };
  }

  #attributes(node: DraftNode): EventAttribute[] | null {
    const attributes: EventAttribute[] = [];
    for (const [leaf, facts] of node.leaves) {
      if (leaf === 'value') continue;
      const text = this.#choose(node, leaf, `${node.path}/${leaf}`, facts);
      // An attribute without a value is not there.
      if (text === null || text === '') return null;
      attributes.push({ name: leaf.slice(1), value: { type: 'string', text } });
    }
    return attributes;
  }

  #choose(node: DraftNode, leaf: string, path: string, facts: readonly Fact[]): string | null {
    const usual = usualLeaves(node.path, this.#context)[leaf] ?? '-';
    const { nowMs, channel, limit } = this.#context;
    if (path === 'Event/System/Channel') {
      const value = { type: 'string', text: channel } as const;
      return facts.every((fact) => fact.test(value, nowMs)) ? channel : null;
    }
    const text = chooseValue(facts, { path, usual, nowMs, limit });
    if (text === null) return null;
    const shown = asEventsHave(path, text);
    if (facts.length > 0) this.#note(node, path, shown);
    return shown;
  }

  #note(node: DraftNode, path: string, text: string | null): void {
    const name = node.path === DATA ? node.leaves.get('@Name') : undefined;
    const [dataName = ''] = name?.flatMap(({ listed }) => [...(listed?.values() ?? [])]) ?? [];
    this.#chosen.push({ path, dataName, text });
  }
}

/** A value that nothing is asked of. */
function anyValue(): DraftNode {
  return { ...newNode(DATA, 'Data'), leaves: new Map([['value', []]]) };
}

/** In their order, with values between those that are asked for by position. */
function placeData(nodes: readonly DraftNode[]): DraftNode[] {
  const free = nodes.filter(({ position }) => position === null);
  const placed = new Map(nodes.map((node) => [node.position ?? 0, node]));
  const data: DraftNode[] = [];
  const last = Math.max(0, ...placed.keys());
  for (let at = 1; at <= last; at++) {
    data.push(placed.get(at) ?? free.shift() ?? anyValue());
  }
  return [...data, ...free];
}

function element(
  name: string,
  attributes: readonly EventAttribute[],
  children: readonly EventElement[],
): EventElement {
  return { name, attributes, children, value: null };
}
