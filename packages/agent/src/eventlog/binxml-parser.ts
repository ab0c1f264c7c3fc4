/**
 * Tokens of binary XML → content nodes. Bit 0x40 of a token ("more follows", "has attributes")
 * says nothing the next token does not, except that an attribute list has a length field.
 *
 *   0F          fragment header: major, minor, flags
 *   0C          template instance (decoded by the caller)
 *   01/41       element: [dependency slot u16, only in definitions] length u32, name
 *               [41: length of the attribute list u32]
 *   06/46       attribute: name; its value tokens follow
 *   02 03 04    end of start tag, of an empty element, of an element
 *   05 07       text: [05: type u8, always 1] characters u16, UTF-16; CDATA the same, no type
 *   08 09       character reference u16; entity reference: name
 *   0A 0B       processing instruction: name; its data as CDATA (both left out, as Windows does)
 *   0D 0E       slot, optional slot: index u16, declared type u8
 *   00          end
 *
 * A name is the chunk offset u32 of a name record, which follows in line at its first use.
 * Source: MS-EVEN6 §2.2.12, libyal "Windows XML Event Log (EVTX) format".
 */
import { BinXmlBuilder } from './binxml-builder.ts';
import { BinXmlError } from './binxml-error.ts';
import type { ContentNode } from './binxml-template.ts';
import { readU16, readU32 } from './bytes.ts';
import type { Chunk } from './chunk.ts';
import type { TemplateInstance } from './template-instance.ts';

export const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  endStartTag: 0x02,
  endEmptyElement: 0x03,
  endElement: 0x04,
  text: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionContent: 0x0b,
  templateInstance: 0x0c,
  slot: 0x0d,
  optionalSlot: 0x0e,
  fragmentHeader: 0x0f,
} as const;

const TOKEN_MASK = 0x1f;
const MORE_FLAG = 0x40;
const NO_DEPENDENCY = 0xffff;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

export interface ParseOptions {
  /** Whether elements name the slot they depend on: true inside template definitions only. */
  readonly hasDependencies: boolean;
  /** Decodes the template instance whose token is at a place. */
  instanceAt(at: number, end: number): { instance: TemplateInstance; next: number };
  /** Called for each name used, with the place of its offset field. */
  nameUsed?(at: number, name: string, isInline: boolean): void;
}

/** Parses up to the end token or `end`. Throws `BinXmlError`; takes time linear in the bytes. */
export function parseBinXml(
  chunk: Chunk,
  start: number,
  end: number,
  options: ParseOptions,
): readonly ContentNode[] {
  const parser = new TokenParser(chunk, start, end, options);
  while (parser.step());
  return parser.finish();
}

class TokenParser {
  readonly #chunk: Chunk;
  readonly #options: ParseOptions;
  readonly #end: number;
  readonly #builder = new BinXmlBuilder();
  #at: number;

  constructor(chunk: Chunk, start: number, end: number, options: ParseOptions) {
    this.#chunk = chunk;
    this.#at = start;
    this.#end = end;
    this.#options = options;
  }

  finish(): readonly ContentNode[] {
    return this.#builder.finish();
  }

  /** Reads one token; false after the last. */
  step(): boolean {
    if (this.#at >= this.#end) return false;
    const token = this.#chunk.bytes[this.#take(1)]!;
    switch (token & TOKEN_MASK) {
      case TOKEN.end:
        return false;
      case TOKEN.openElement:
        this.#openElement((token & MORE_FLAG) !== 0);
        return true;
      case TOKEN.attribute:
        this.#builder.openAttribute(this.#name());
        return true;
      case TOKEN.endStartTag:
        this.#builder.endAttributes();
        return true;
      case TOKEN.endEmptyElement:
      case TOKEN.endElement:
        this.#builder.closeElement();
        return true;
      case TOKEN.slot:
      case TOKEN.optionalSlot:
        this.#slot((token & TOKEN_MASK) === TOKEN.optionalSlot);
        return true;
      case TOKEN.templateInstance:
        this.#instance();
        return true;
      default:
        this.#textToken(token & TOKEN_MASK);
        return true;
    }
  }

  #textToken(token: number): void {
    switch (token) {
      case TOKEN.text:
        if (this.#chunk.bytes[this.#take(1)] !== 1) throw new BinXmlError('text of unknown type');
        this.#builder.text(this.#characters());
        return;
      case TOKEN.cdata:
        this.#builder.text(this.#characters());
        return;
      case TOKEN.characterReference:
        this.#builder.text(String.fromCharCode(this.#u16()).toWellFormed());
        return;
      case TOKEN.entityReference: {
        const name = this.#name();
        this.#builder.text(ENTITIES[name] ?? `&${name};`);
        return;
      }
      case TOKEN.instructionTarget:
        this.#name();
        return;
      case TOKEN.instructionContent:
        this.#characters();
        return;
      case TOKEN.fragmentHeader:
        this.#take(3);
        return;
      default:
        throw new BinXmlError('unknown token');
    }
  }

  #openElement(hasAttributeList: boolean): void {
    let dependencySlot = -1;
    if (this.#options.hasDependencies) {
      const slot = this.#u16();
      if (slot !== NO_DEPENDENCY) dependencySlot = slot;
    }
    this.#take(4);
    const name = this.#name();
    if (hasAttributeList) this.#take(4);
    this.#builder.openElement(name, dependencySlot);
  }

  #slot(isOptional: boolean): void {
    const slot = this.#u16();
    this.#take(1);
    this.#builder.slot(slot, isOptional);
  }

  #instance(): void {
    const { instance, next } = this.#options.instanceAt(this.#at - 1, this.#end);
    this.#at = next;
    this.#builder.fragment(instance);
  }

  #name(): string {
    const field = this.#take(4);
    const offset = readU32(this.#chunk.bytes, field);
    const name = this.#chunk.name(offset);
    const isInline = offset === this.#at;
    if (isInline) this.#take(name.recordSize);
    this.#options.nameUsed?.(field, name.text, isInline);
    return name.text;
  }

  #characters(): string {
    const size = 2 * this.#u16();
    const at = this.#take(size);
    return this.#chunk.bytes.toString('utf16le', at, at + size).toWellFormed();
  }

  #u16(): number {
    return readU16(this.#chunk.bytes, this.#take(2));
  }

  /** Passes over bytes, all of which must be there; returns where they begin. */
  #take(size: number): number {
    const at = this.#at;
    if (at + size > this.#end) throw new BinXmlError('ends inside a token');
    this.#at = at + size;
    return at;
  }
}
