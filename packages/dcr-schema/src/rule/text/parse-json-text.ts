/**
 * JSON text → tree with places. Comments and a byte order mark are accepted. A missing comma and a
 * trailing one are reported and passed over, any other mistake of syntax ends the reading, so one
 * mistake gives one finding. Works without recursion and stops at bounds no rule comes near.
 */
import type { Findings } from '../findings.ts';
import { createTokenReader, type Token } from './json-tokens.ts';
import type { JsonNode, Member } from './json-tree.ts';
import { pointerTo } from './json-tree.ts';
import type { LineIndex } from './line-index.ts';
import { SyntaxReport } from './syntax-report.ts';

/** A rule has six levels; settings of extensions may have some more. */
const DEPTH_MAX = 100;
/** Ten streams of five hundred columns each are about 25,000 values. */
const VALUE_COUNT_MAX = 200_000;

export interface JsonTextOptions {
  readonly valueCountMax?: number;
  /** Strings with line breaks and tabs are warned of, and read. */
  readonly mayBeRaw?: boolean;
}

/** Returns `undefined` exactly when the text could not be read to its end. */
export function parseJsonText(
  text: string,
  lines: LineIndex,
  findings: Findings,
  options: JsonTextOptions = {},
): JsonNode | undefined {
  return new JsonTextParser(text, new SyntaxReport(text, lines, findings), options).parse();
}

type Frame = ObjectFrame | ListFrame;

interface ObjectFrame {
  readonly type: 'object';
  readonly offset: number;
  readonly members: Member[];
  /** Offsets of the names that are taken. */
  readonly places: Map<string, number>;
  /** The member whose value comes next. */
  name: Token | undefined;
}

interface ListFrame {
  readonly type: 'list';
  readonly offset: number;
  readonly items: JsonNode[];
}

/** What the grammar allows at a point. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end' | 'end';

class JsonTextParser {
  readonly #report: SyntaxReport;
  readonly #next: () => Token;
  readonly #frames: Frame[] = [];
  #root: JsonNode | undefined;
  #previous: Token | undefined;
  #expected: Expected = 'value';
  #valueCount = 0;
  readonly #valueCountMax: number;

  constructor(text: string, report: SyntaxReport, options: JsonTextOptions) {
    this.#report = report;
    this.#valueCountMax = options.valueCountMax ?? VALUE_COUNT_MAX;
    this.#next = createTokenReader(text, options.mayBeRaw);
  }

  parse(): JsonNode | undefined {
    for (;;) {
      const token = this.#next();
      if (token.problem !== undefined) {
        this.#report.broken(token, token.problem);
        return undefined;
      }
      if (token.isRaw === true) this.#report.raw(token);
      if (token.kind === 'end' && this.#expected === 'end') return this.#root;
      if (!this.#take(token)) return undefined;
      this.#previous = token;
    }
  }

  /** False when the reading cannot go on. */
  #take(token: Token): boolean {
    if (token.kind === 'end') {
      this.#report.unexpectedEnd(this.#top, token);
      return false;
    }
    switch (this.#expected) {
      case 'value':
      case 'value or ]':
        return this.#takeValue(token);
      case 'name':
      case 'name or }':
        return this.#takeName(token);
      case 'colon':
        if (token.kind !== ':') return this.#unexpected("':'", token);
        this.#expected = 'value';
        return true;
      case 'comma or end':
        return this.#takeSeparator(token);
      case 'end':
        return this.#unexpected('the end of the text', token);
    }
  }

  #takeValue(token: Token): boolean {
    if (token.kind === ']' && this.#top?.type === 'list') {
      if (this.#expected === 'value') this.#report.trailingComma(']', this.#previous);
      return this.#close();
    }
    const { offset } = token;
    this.#valueCount += 1;
    if (this.#valueCount > this.#valueCountMax) {
      this.#report.tooLarge(offset, this.#valueCountMax);
      return false;
    }
    switch (token.kind) {
      case '{': {
        const places = new Map<string, number>();
        return this.#open({ type: 'object', offset, members: [], places, name: undefined });
      }
      case '[':
        return this.#open({ type: 'list', offset, items: [] });
      case 'string':
        return this.#add({ type: 'scalar', offset, value: token.value });
      case 'number':
        return this.#add({ type: 'scalar', offset, value: Number(token.value) });
      case 'true':
      case 'false':
        return this.#add({ type: 'scalar', offset, value: token.kind === 'true' });
      case 'null':
        return this.#add({ type: 'scalar', offset, value: null });
      default:
        return this.#unexpected('a value', token);
    }
  }

  #takeName(token: Token): boolean {
    const top = this.#top;
    if (token.kind === '}') {
      if (this.#expected === 'name') this.#report.trailingComma('}', this.#previous);
      return this.#close();
    }
    if (token.kind !== 'string' || top?.type !== 'object') {
      return this.#unexpected('a member name in double quotes', token);
    }
    top.name = token;
    this.#expected = 'colon';
    return true;
  }

  #takeSeparator(token: Token): boolean {
    const isObject = this.#top?.type === 'object';
    const close = isObject ? '}' : ']';
    if (token.kind === close) return this.#close();
    this.#expected = isObject ? 'name' : 'value';
    if (token.kind === ',') return true;
    const startsNext = isObject
      ? token.kind === 'string'
      : ![':', '}', 'unknown'].includes(token.kind);
    if (!startsNext) return this.#unexpected(`a comma or '${close}'`, token);
    this.#report.missingComma(close, this.#previous, token);
    return isObject ? this.#takeName(token) : this.#takeValue(token);
  }

  get #top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  #open(frame: Frame): boolean {
    if (this.#frames.length >= DEPTH_MAX) {
      this.#report.tooDeep(frame.offset, DEPTH_MAX);
      return false;
    }
    this.#frames.push(frame);
    this.#expected = frame.type === 'object' ? 'name or }' : 'value or ]';
    return true;
  }

  #close(): boolean {
    const frame = this.#frames.pop();
    if (frame === undefined) return false;
    const { offset } = frame;
    return this.#add(
      frame.type === 'object'
        ? { type: 'object', offset, members: frame.members }
        : { type: 'list', offset, items: frame.items },
    );
  }

  /** Puts a finished value where it belongs. */
  #add(node: JsonNode): boolean {
    const top = this.#top;
    this.#expected = top === undefined ? 'end' : 'comma or end';
    if (top === undefined) this.#root = node;
    else if (top.type === 'list') top.items.push(node);
    else if (top.name !== undefined) this.#addMember(top, top.name, node);
    return true;
  }

  /** Of two members with one name the first is kept. */
  #addMember(frame: ObjectFrame, name: Token, value: JsonNode): void {
    const { value: key, offset } = name;
    const first = frame.places.get(key);
    if (first !== undefined) {
      this.#report.duplicate(pointerTo(this.#pointer(), key), name, first);
      return;
    }
    frame.places.set(key, offset);
    frame.members.push({ key, written: key, offset, value });
  }

  /** Pointer of the innermost open object. */
  #pointer(): string {
    const steps = this.#frames.slice(0, -1).map((frame) => {
      return frame.type === 'list' ? frame.items.length : (frame.name?.value ?? '');
    });
    return pointerTo('', ...steps);
  }

  #unexpected(expected: string, token: Token): boolean {
    this.#report.unexpected(expected, this.#previous, token);
    return false;
  }
}
