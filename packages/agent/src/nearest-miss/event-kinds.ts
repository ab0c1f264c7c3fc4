/** The kinds of events that were read, and how those of one kind are stored. */
import type { EventElement } from '@dcr-agent/schema/event-queries';
import type { Template } from '../eventlog/binxml-template.ts';
import { EvtxEvent } from '../eventlog/evtx-event.ts';
import { elementsSlot } from '../eventlog/query/system-slots.ts';
import type { TemplateInstance } from '../eventlog/template-instance.ts';
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';
import { systemText } from './system-text.ts';

export interface EventKind {
  /** `Service Control Manager 7036` */
  readonly name: string;
  readonly eventId: string;
  readonly channel: string;
  /** As its first event is stored; `null`: event XML. */
  readonly stored: StoredShape | null;
  count: number;
}

/** What is kept of an instance, which itself is used again for the next event. */
export interface StoredShape {
  readonly template: Template;
  /** By slot; `null`: not known. */
  readonly types: readonly number[] | null;
  readonly fragments: ReadonlyMap<number, StoredShape>;
}

/** A crafted log holds more; those beyond are only counted. */
const KINDS_MAX = 4096;

export class EventKinds {
  readonly #kinds = new Map<string, EventKind>();
  #beyond = 0;

  /** Most frequent first. */
  get kinds(): EventKind[] {
    return [...this.#kinds.values()].sort((a, b) => b.count - a.count);
  }

  /** Events of kinds that are not told apart any more. */
  get beyond(): number {
    return this.#beyond;
  }

  add(record: WindowsEventRecord): void {
    const { event } = record;
    const name = kindName(event);
    const eventId = systemText(event, 'EventID');
    const channel = systemText(event, 'Channel');
    const stored = record instanceof EvtxEvent ? record.instance : null;
    const key = [name, channel, templatesOf(stored)].join('\0');
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.count++;
    } else if (this.#kinds.size < KINDS_MAX) {
      const shape = stored === null ? null : shapeOf(stored);
      this.#kinds.set(key, { name, eventId, channel, stored: shape, count: 1 });
    } else {
      this.#beyond++;
    }
  }
}

/** Provider and EventID of an event. */
export function kindName(event: EventElement): string {
  return `${systemText(event, 'Provider', 'Name')} ${systemText(event, 'EventID')}`.trim();
}

/** Events of one name can have several templates, as versions of them differ. */
function templatesOf(stored: TemplateInstance | null): string {
  if (stored === null) return 'xml';
  const { guid } = stored.template;
  if (guid === null) return 'bare';
  const slot = elementsSlot(stored.template);
  return `${guid} ${slot < 0 ? '' : stored.fragment(slot)?.template.guid}`;
}

function shapeOf(instance: TemplateInstance): StoredShape {
  const slots = Array.from({ length: instance.valueCount }, (_, slot) => slot);
  const fragments = slots.flatMap((slot) => {
    const fragment = instance.fragment(slot);
    return fragment === undefined ? [] : [[slot, shapeOf(fragment)] as const];
  });
  return {
    template: instance.template,
    types: slots.map((slot) => instance.type(slot)),
    fragments: new Map(fragments),
  };
}
