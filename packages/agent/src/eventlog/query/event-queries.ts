/**
 * Queries as the readers of this folder ask them: each form of an event has its own way to the
 * same answer, and none renders an event that its values alone tell apart.
 */
import {
  compileConditionPredicate,
  type EventElement,
  type EventPredicate,
  type QueryCondition,
} from '@dcr-agent/schema/event-queries';
import type { Template } from '../binxml-template.ts';
import type { EventXmlTape } from '../event-xml-tape.ts';
import { perTemplate } from '../per-template.ts';
import type { TemplateInstance } from '../template-instance.ts';
import { TemplateDispatch } from './dispatch.ts';
import { compileTapeQuery, type TapeQuery } from './tape-query.ts';
import { NO, UNDECIDED } from './verdict.ts';

const NONE: readonly number[] = [];

/** An event stored as binary XML. */
interface StoredEvent {
  readonly instance: TemplateInstance;
  /** Rendered when asked for. */
  readonly event: EventElement;
}

/**
 * Queries asked together. Every answer is a list of their places in the list they were given in,
 * ascending, good until the next question. `nowMs`, epoch milliseconds, is what `timediff`
 * measures to.
 */
export class EventQueries {
  readonly #predicates: readonly EventPredicate[];
  readonly #tapeQueries: readonly TapeQuery[];
  readonly #dispatchOf: (template: Template) => TemplateDispatch;
  readonly #selected: number[] = [];

  constructor(conditions: readonly QueryCondition[]) {
    this.#dispatchOf = perTemplate((template) => new TemplateDispatch(conditions, template));
    this.#predicates = conditions.map(compileConditionPredicate);
    this.#tapeQueries = conditions.map(compileTapeQuery);
  }

  ofStored(stored: StoredEvent, nowMs: number): readonly number[] {
    const { template } = stored.instance;
    // Without a definition a template is used once.
    if (template.guid === null) return this.ofElement(stored.event, nowMs);
    const candidates = this.#dispatchOf(template).candidates(stored.instance);
    if (candidates.length === 0) return NONE;
    this.#selected.length = 0;
    for (const { index, test } of candidates) {
      const verdict = test(stored.instance, nowMs);
      if (verdict === NO) continue;
      if (verdict === UNDECIDED && !this.#predicates[index]!(stored.event, nowMs)) continue;
      this.#selected.push(index);
    }
    return this.#selected;
  }

  ofTape(tape: EventXmlTape, nowMs: number): readonly number[] {
    this.#selected.length = 0;
    for (let index = 0; index < this.#tapeQueries.length; index++) {
      if (this.#tapeQueries[index]!(tape, nowMs)) this.#selected.push(index);
    }
    return this.#selected;
  }

  ofElement(event: EventElement, nowMs: number): readonly number[] {
    this.#selected.length = 0;
    for (let index = 0; index < this.#predicates.length; index++) {
      if (this.#predicates[index]!(event, nowMs)) this.#selected.push(index);
    }
    return this.#selected;
  }
}
