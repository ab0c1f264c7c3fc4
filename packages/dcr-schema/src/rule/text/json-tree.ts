/**
 * JSON with the places of its parts. Members know two names: the one written and the key they
 * count as, which differ when an author writes `datasources`. What a template evaluates to keeps
 * the places of what it was made of.
 */
import type { Json } from '../rule.ts';

export type JsonNode = ObjectNode | ListNode | ScalarNode | UnknownNode;

interface Placed {
  /** Offset of the first character. */
  readonly offset: number;
  /** Where it is written, of a value that does not stand where its pointer leads. */
  readonly pointer?: string;
}

export interface ObjectNode extends Placed {
  readonly type: 'object';
  readonly members: readonly Member[];
}

export interface ListNode extends Placed {
  readonly type: 'list';
  readonly items: readonly JsonNode[];
}

export interface ScalarNode extends Placed {
  readonly type: 'scalar';
  readonly value: null | boolean | number | string;
  /** A text that was put together: its characters stand nowhere as they are. */
  readonly isComputed?: true;
}

/** A value that only a deployment knows, with the expression or placeholder that stands for it. */
export interface UnknownNode extends Placed {
  readonly type: 'unknown';
  readonly expression: string;
}

export interface Member {
  readonly key: string;
  /** The name in the text; absent for a member that is not written there. */
  readonly written?: string;
  /** Offset of the name. */
  readonly offset: number;
  readonly value: JsonNode;
  /** Written as `null` where that means the same as leaving it out. */
  readonly isAbsent?: boolean;
}

export type JsonObject = { readonly [name: string]: Json };

/** A value that is not known is its expression. */
export function toJson(node: JsonNode): Json {
  switch (node.type) {
    case 'scalar':
      return node.value;
    case 'unknown':
      return node.expression;
    case 'list':
      return node.items.map(toJson);
    case 'object':
      return toJsonObject(node);
  }
}

export function toJsonObject(node: ObjectNode): JsonObject {
  // `fromEntries` defines members, so one named `__proto__` stays a member.
  return Object.fromEntries(
    node.members.filter((m) => m.isAbsent !== true).map((m) => [m.key, toJson(m.value)]),
  );
}

/** A JSON pointer with one step more (RFC 6901). */
export function pointerTo(pointer: string, ...steps: readonly (string | number)[]): string {
  let longer = pointer;
  for (const step of steps) {
    const isPlain = typeof step === 'number' || !/[~/]/.test(step);
    longer += isPlain ? `/${step}` : `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return longer;
}

export function pointerSteps(pointer: string): readonly string[] {
  if (pointer === '') return [];
  const steps = pointer.slice(1).split('/');
  return steps.map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where the value of a member is written, in an object that stands at `pointer`. */
export function placeOfMember(
  { key, written, value }: Member,
  pointer: string,
): { readonly pointer: string; readonly offset: number } {
  return { pointer: value.pointer ?? pointerTo(pointer, written ?? key), offset: value.offset };
}
