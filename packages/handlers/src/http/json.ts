/** JSON from outside: read once, then narrowed. Never merged into an object key by key. */

import { isUtf8 } from 'node:buffer';
import type { Json } from '@dcr-agent/schema';
import { ArmError } from './arm-error.ts';

export interface JsonObject {
  readonly [name: string]: Json;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body as text; refuses bytes that are not UTF-8, which JSON has to be (RFC 8259 §8.1). */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new ArmError('InvalidRequestContent', 'The body is not valid UTF-8.');
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArmError('InvalidRequestContent', `The body is not JSON: ${reason}.`);
  }
}

/** Digits of which a double may not hold all. */
const MANY_DIGITS = /\d{16}/;

/**
 * The same; a whole number that a double does not hold is its digits, as text. What nests deeply is
 * left as it is: the engine looks at each value recursively.
 */
export function parseJsonDigits(text: string): Json {
  const value = parseJson(text);
  const isKept = !MANY_DIGITS.test(text) || isDeeperThan(DEPTH_MAX, value);
  return isKept ? value : (JSON.parse(text, digitsOf) as Json);
}

function digitsOf(_name: string, value: Json, context?: { readonly source: string }): Json {
  const isRounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  const source = isRounded ? (context?.source ?? '') : '';
  return /^-?\d+$/.test(source) ? source : value;
}

/** No resource nests like this, and writing what does costs the stack. */
const DEPTH_MAX = 100;

export function parseJsonObject(text: string): JsonObject {
  const value = parseJson(text);
  if (isDeeperThan(DEPTH_MAX, value)) {
    const message = `The body is nested deeper than the ${DEPTH_MAX} levels accepted here.`;
    throw new ArmError('InvalidRequestContent', message);
  }
  if (isJsonObject(value)) return value;
  throw new ArmError('InvalidRequestContent', 'The body is JSON, but not an object.');
}

/** Does the value nest more than so many levels? Looks no deeper than that itself. */
export function isDeeperThan(levels: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

/** The member when it is an object, an empty object otherwise. */
export function objectMember(value: JsonObject, name: string): JsonObject {
  const member = Object.hasOwn(value, name) ? value[name] : undefined;
  return isJsonObject(member) ? member : {};
}

export function stringMember(value: JsonObject, name: string): string | undefined {
  const member = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof member === 'string' ? member : undefined;
}
