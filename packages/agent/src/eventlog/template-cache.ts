/**
 * Templates shared between chunks and files. Each chunk carries its own copy of every definition
 * it uses; the copies differ only in the offsets of names and of the next table entry. So a
 * definition is looked up by GUID and size, and taken as the same when all bytes but those
 * offsets are equal and the offsets lead to the same names: an exact comparison, cheaper than
 * compiling, and one template object per definition for whatever is resolved against it.
 */
import { type ParseOptions, parseBinXml } from './binxml-parser.ts';
import type { ContentNode, Template } from './binxml-template.ts';
import { readU32 } from './bytes.ts';
import type { Chunk } from './chunk.ts';
import { shapeOf } from './template-shape.ts';
import { guidText } from './value-text.ts';

/** Next offset u32, GUID, size u32. */
export const DEFINITION_HEADER_SIZE = 24;
const GUID_OFFSET = 4;
/** Bytes of kept definitions, some 10 000 of usual size; beyond, the cache starts afresh. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;
/** Forms of one definition: they differ in which names stand in line. Four were seen. */
const FORMS_MAX = 32;

interface Definition {
  readonly template: Template;
  /** The definition's bytes after the next-offset field. */
  readonly bytes: Buffer;
  /** 0xFF where `bytes` must be equal, 0 where they depend on the chunk. */
  readonly mask: Uint8Array;
  /** Both four bytes at a time, as far as they go. */
  readonly words: Int32Array;
  readonly wordMask: Int32Array;
  readonly names: readonly NameUse[];
}

interface NameUse {
  /** Where the name's offset field is in `bytes`. */
  readonly at: number;
  readonly text: string;
  readonly isInline: boolean;
}

export class TemplateCache {
  readonly #definitions = new Map<number, Definition[]>();
  #keptBytes = 0;

  /** The template defined at an offset of a chunk. Throws `BinXmlError`. */
  template(
    chunk: Chunk,
    offset: number,
    size: number,
    instanceAt: ParseOptions['instanceAt'],
  ): Template {
    const key = readU32(chunk.bytes, offset + GUID_OFFSET) * 0x1_0000 + size;
    const candidates = this.#definitions.get(key);
    const known = candidates?.find((candidate) => isSameDefinition(candidate, chunk, offset));
    if (known !== undefined) return known.template;
    const compiled = compile(chunk, offset, size, instanceAt);
    if (!compiled.isShareable) return compiled.definition.template;
    this.#keep(key, compiled.definition);
    return compiled.definition.template;
  }

  #keep(key: number, definition: Definition): void {
    this.#keptBytes += definition.bytes.length;
    if (this.#keptBytes > KEPT_BYTES_MAX) {
      this.#definitions.clear();
      this.#keptBytes = definition.bytes.length;
    }
    const candidates = this.#definitions.get(key);
    if (candidates === undefined) this.#definitions.set(key, [definition]);
    else if (candidates.push(definition) > FORMS_MAX) candidates.shift();
  }
}

function isSameDefinition(known: Definition, chunk: Chunk, offset: number): boolean {
  const start = offset + GUID_OFFSET;
  const { bytes, mask, words, wordMask } = known;
  const { bytes: own, view } = chunk;
  if (start + bytes.length > own.length) return false;
  for (let i = 0; i < words.length; i++) {
    const word = view.getInt32(start + 4 * i, true);
    if (((word ^ words[i]!) & wordMask[i]!) !== 0) return false;
  }
  for (let i = 4 * words.length; i < bytes.length; i++) {
    if (((bytes[i]! ^ own[start + i]!) & mask[i]!) !== 0) return false;
  }
  return known.names.every(({ at, text, isInline }) => {
    const nameOffset = readU32(own, start + at);
    if ((nameOffset === start + at + 4) !== isInline) return false;
    // A name in line is among the compared bytes.
    return isInline || chunk.hasName(nameOffset, text);
  });
}

/** Compiles a definition and notes which of its bytes depend on the chunk. */
function compile(
  chunk: Chunk,
  offset: number,
  size: number,
  instanceAt: ParseOptions['instanceAt'],
): { definition: Definition; isShareable: boolean } {
  const start = offset + GUID_OFFSET;
  const body = offset + DEFINITION_HEADER_SIZE;
  const bytes = Buffer.from(chunk.bytes.subarray(start, body + size));
  const mask = new Uint8Array(bytes.length).fill(0xff);
  const names: NameUse[] = [];
  const roots = parseBinXml(chunk, body, body + size, {
    hasDependencies: true,
    instanceAt,
    nameUsed(field, text, isInline) {
      const at = field - start;
      mask.fill(0, at, at + 4);
      // The record in line begins with the offset of the next name in its hash chain.
      if (isInline) mask.fill(0, at + 4, at + 8);
      names.push({ at, text, isInline });
    },
  });
  return {
    definition: {
      template: { guid: guidText(chunk.bytes, start), roots, shape: shapeOf(roots) },
      bytes,
      mask,
      words: wordsOf(bytes),
      wordMask: wordsOf(mask),
      names,
    },
    isShareable: !roots.some(holdsFragment),
  };
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
}

/** A fragment in a definition points into its chunk, so the template is good only there. */
function holdsFragment(node: ContentNode): boolean {
  if (node.kind === 'fragment') return true;
  return node.kind === 'element' && node.children.some(holdsFragment);
}
