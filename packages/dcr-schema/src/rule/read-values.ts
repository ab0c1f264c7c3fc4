/** Values of a document that may be wrong, with their places; what has another type is left out. */
import type { Json } from './rule.ts';
import type { JsonObject } from './text/json-tree.ts';
import { pointerTo } from './text/json-tree.ts';

/** A text and where it stands. */
export interface Text {
  readonly text: string;
  readonly pointer: string;
}

export interface Item {
  readonly members: JsonObject;
  readonly pointer: string;
}

export interface Read<T> {
  readonly parts: readonly T[];
  /** Nothing had to be left out. */
  readonly known: boolean;
}

/** The objects of a list. */
export function itemsAt(value: Json | undefined, pointer: string): Read<Item> {
  if (value === undefined) return { parts: [], known: true };
  if (!Array.isArray(value)) return { parts: [], known: false };
  const items: readonly Json[] = value;
  const parts = items.flatMap((members, i) => {
    return isObject(members) ? [{ members, pointer: pointerTo(pointer, i) }] : [];
  });
  return { parts, known: parts.length === items.length };
}

/** The texts of a list; empty ones count as left out. */
export function textsAt(value: Json | undefined, pointer: string): Read<Text> {
  if (value === undefined) return { parts: [], known: true };
  if (!Array.isArray(value)) return { parts: [], known: false };
  const items: readonly Json[] = value;
  const parts = items.flatMap((text, i) => {
    const isText = typeof text === 'string' && text !== '';
    return isText ? [{ text, pointer: pointerTo(pointer, i) }] : [];
  });
  return { parts, known: parts.length === items.length };
}

/** A member that is a text and not empty. */
export function textAt(members: JsonObject, name: string, pointer: string): Text | undefined {
  const text = stringOf(members[name]);
  return text === undefined || text === ''
    ? undefined
    : { text, pointer: pointerTo(pointer, name) };
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; what is no text is left out. */
export function stringsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
