/**
 * Where the steps of a path lead in events as they really are: names the event schema has, one
 * element of each name but for the values of EventData.
 */
import type { Step } from '../../xpath/ast.ts';
import { EVENT_SCHEMA, type SchemaElement } from '../../xpath/check/event-schema.ts';

export interface Place {
  /** Names from the event down, such as `Event/System/EventID`. */
  readonly path: string;
  readonly schema: SchemaElement;
}

export const ROOT: Place = { path: '', schema: {} };

export const DATA = 'Event/EventData/Data';
/** The one element below UserData, whatever it is called. */
export const USER_DATA_CHILD = 'Event/UserData/*';

/** Parts of an event that readers have; what else there is, is rare. */
const PARTS: readonly string[] = ['System', 'EventData', 'UserData'];

/** Elements that a step may reach; none where no event has such an element. */
export function elementsBelow(place: Place, { name }: Step): Place[] {
  if (place === ROOT) {
    return name === null || name === 'Event' ? [{ path: 'Event', schema: EVENT_SCHEMA }] : [];
  }
  if (place.path === 'Event/UserData') return [{ path: USER_DATA_CHILD, schema: {} }];
  return namesBelow(place, name).flatMap((child) => {
    const { children } = place.schema;
    const schema = children === undefined ? {} : own(children, child);
    return schema === undefined ? [] : [{ path: `${place.path}/${child}`, schema }];
  });
}

function namesBelow({ path }: Place, name: string | null): readonly string[] {
  switch (path) {
    case 'Event':
      return PARTS.filter((part) => name === null || part === name);
    case 'Event/EventData':
      return [name ?? 'Data'];
    case DATA:
      return [];
    default:
      return name === null ? [] : [name];
  }
}

/** Can an element at this place have the attribute? */
export function hasAttribute({ path, schema }: Place, name: string | null): boolean {
  if (name === null || path === 'Event') return false;
  return schema.attributes?.includes(name) ?? true;
}

/** Has it a text of its own? */
export function isLeaf({ path }: Place): boolean {
  return !['', 'Event', ...PARTS.map((part) => `Event/${part}`)].includes(path);
}

function own(
  children: Readonly<Record<string, SchemaElement>>,
  name: string,
): SchemaElement | undefined {
  return Object.hasOwn(children, name) ? children[name] : undefined;
}
