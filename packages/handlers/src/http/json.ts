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
const QUOTE = '"'.charCodeAt(0);
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The same; a whole number that a double does not hold is its digits, as text. */
export function parseJsonDigits(text: string): Json {
  const value = parseJson(text);
  return MANY_DIGITS.test(text) ? (JSON.parse(withDigitsQuoted(text)) as Json) : value;
}

/** In the text, however deep it nests: to look at each value, the engine calls itself for each level. */
function withDigitsQuoted(json: string): string {
  let quoted = '';
  let from = 0;
  for (let at = 0; at < json.length; ) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(json, at);
      continue;
    }
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(json)?.[0];
    if (number === undefined) {
      at += 1;
      continue;
    }
    if (/^-?\d+$/.test(number) && Math.abs(Number(number)) > Number.MAX_SAFE_INTEGER) {
      quoted += `${json.slice(from, at)}"${number}"`;
      from = at + number.length;
    }
    at += number.length;
  }
  return quoted + json.slice(from);
}

/** Behind the quote that closes the one at `open`; the text is JSON, so there is one. */
function stringEnd(json: string, open: number): number {
  for (let at = open + 1; ; at++) {
    at = json.indexOf('"', at);
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
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
