/**
 * JSON with the places of its parts. Members know two names: the one written and the key they
 * count as, which differ when an author writes `datasources`.
 */
import type { Json } from '../rule.ts';

export type JsonNode = ObjectNode | ListNode | ScalarNode;

export interface ObjectNode {
  readonly type: 'object';
  /** Offset of the first character. */
  readonly offset: number;
  readonly members: readonly Member[];
}

interface ListNode {
  readonly type: 'list';
  readonly offset: number;
  readonly items: readonly JsonNode[];
}

interface ScalarNode {
  readonly type: 'scalar';
  readonly offset: number;
  readonly value: null | boolean | number | string;
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

export function toJson(node: JsonNode): Json {
  switch (node.type) {
    case 'scalar':
      return node.value;
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
  const escaped = steps.map((s) => String(s).replaceAll('~', '~0').replaceAll('/', '~1'));
  return [pointer, ...escaped].join('/');
}

export function pointerSteps(pointer: string): readonly string[] {
  if (pointer === '') return [];
  const steps = pointer.slice(1).split('/');
  return steps.map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}
