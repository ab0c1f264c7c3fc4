/**
 * Binary XML of one record → a template instance, every template compiled and every value in
 * bounds, so that rendering it cannot fail. Nothing becomes text here.
 *
 *   template instance   0C, version u8, template id u32, definition offset u32
 *                       [definition, in line where the offset is the current one]
 *                       value count u32, per value {size u16, type u8, 0}, the values
 *   definition          next offset u32, GUID, size u32, then binary XML
 *
 * Source: as `binxml-parser.ts`.
 */
import { BinXmlError } from './binxml-error.ts';
import { parseBinXml, TOKEN } from './binxml-parser.ts';
import type { ContentNode, Template } from './binxml-template.ts';
import { readU32 } from './bytes.ts';
import type { Chunk } from './chunk.ts';
import { isAbsent } from './event-rules.ts';
import { DEFINITION_HEADER_SIZE, type TemplateCache } from './template-cache.ts';
import { DESCRIPTOR_SIZE, InstancePool, TemplateInstance } from './template-instance.ts';
import {
  arrayItemsBound,
  EVENT_DEPTH_MAX,
  EVENT_SIZE_MAX,
  shapeOf,
  sizeBound,
} from './template-shape.ts';
import { ARRAY_FLAG, VALUE_TYPE } from './value-type.ts';

/** Fragments inside fragments; Windows writes two. */
const FRAGMENT_DEPTH_MAX = 64;
/** Definitions do not overlap, so those of a real chunk fit in it once. */
const DEFINITION_BYTES_MAX = 4 * 65_536;
const FRAGMENT_HEADER_SIZE = 4;
const INSTANCE_HEADER_SIZE = 10;

export class BinXmlDecoder {
  readonly #chunk: Chunk;
  readonly #cache: TemplateCache;
  readonly #bytes: Buffer;
  readonly #pool = new InstancePool();
  #definitionBytes = 0;
  #depth = 0;
  /** The place after the last value of the instance decoded last. */
  #next = 0;

  constructor(chunk: Chunk, cache: TemplateCache) {
    this.#chunk = chunk;
    this.#cache = cache;
    this.#bytes = chunk.bytes;
  }

  /**
   * Decodes the content of a record. The instance is good until the next call, or for ever after
   * `keep`. Throws `BinXmlError`.
   */
  decodeRecord(start: number, end: number): TemplateInstance {
    this.#depth = 0;
    this.#pool.recycle();
    const instance = this.#fragment(start, end);
    if (instance.depth > EVENT_DEPTH_MAX) throw new BinXmlError('elements nest too deep');
    if (instance.sizeBound > EVENT_SIZE_MAX) {
      throw new BinXmlError('would become too large', 'oversized record');
    }
    if (!hasElement(instance)) throw new BinXmlError('holds no element');
    return instance;
  }

  /** What was decoded last is not used again. */
  keep(): void {
    this.#pool.release();
  }

  #fragment(start: number, end: number): TemplateInstance {
    if (this.#depth === FRAGMENT_DEPTH_MAX) throw new BinXmlError('fragments nest too deep');
    this.#depth++;
    const body = this.#bytes[start] === TOKEN.fragmentHeader ? start + FRAGMENT_HEADER_SIZE : start;
    const instance =
      body < end && this.#bytes[body] === TOKEN.templateInstance
        ? this.#instanceOnly(body, end)
        : this.#withoutTemplate(body, end);
    this.#depth--;
    return instance;
  }

  /** A fragment that begins with an instance; nearly always that is all there is. */
  #instanceOnly(at: number, end: number): TemplateInstance {
    const instance = this.#instanceAt(at, end);
    const isAll = this.#next >= end || this.#bytes[this.#next] === TOKEN.end;
    return isAll ? instance : this.#withoutTemplate(at, end);
  }

  #withoutTemplate(start: number, end: number): TemplateInstance {
    const roots = parseBinXml(this.#chunk, start, end, {
      hasDependencies: false,
      instanceAt: (at, limit) => this.#nestedInstance(at, limit),
    });
    return literalInstance(this.#bytes, roots);
  }

  /** An instance that becomes a part of what was parsed around it, so it is not used again. */
  #nestedInstance(token: number, end: number): { instance: TemplateInstance; next: number } {
    const instance = this.#instanceAt(token, end);
    this.#pool.release();
    return { instance, next: this.#next };
  }

  #instanceAt(token: number, end: number): TemplateInstance {
    const definition = token + INSTANCE_HEADER_SIZE;
    let at = definition;
    if (at > end) throw new BinXmlError('ends inside a template instance');
    const definitionOffset = readU32(this.#bytes, at - 4);
    if (definitionOffset === definition) {
      if (at + DEFINITION_HEADER_SIZE > end) throw new BinXmlError('ends inside a definition');
      at += DEFINITION_HEADER_SIZE + readU32(this.#bytes, at + DEFINITION_HEADER_SIZE - 4);
    }
    if (at + 4 > end) throw new BinXmlError('ends inside a template instance');
    const template = this.#template(definitionOffset);
    const count = readU32(this.#bytes, at);
    return this.#values(template, at + 4, count, end);
  }

  #values(template: Template, descriptors: number, count: number, end: number): TemplateInstance {
    let at = descriptors + DESCRIPTOR_SIZE * count;
    if (at > end) throw new BinXmlError('more values than bytes');
    const { view } = this.#chunk;
    const instance = this.#pool.take();
    instance.reset(template, this.#bytes, descriptors, count);
    let fragmentBytes = 0;
    let items = 0;
    let fragmentBound = 0;
    let depth = 0;
    const valuesStart = at;
    for (let slot = 0; slot < count; slot++) {
      const descriptor = view.getUint32(descriptors + DESCRIPTOR_SIZE * slot, true);
      const size = descriptor & 0xffff;
      const type = (descriptor >>> 16) & 0xff;
      if (type === VALUE_TYPE.fragment && size > 0) {
        if (at + size > end) throw new BinXmlError('value outside the record');
        const fragment = this.#fragment(at, at + size);
        instance.addFragment(slot, fragment);
        fragmentBytes += size;
        fragmentBound += fragment.sizeBound;
        depth = Math.max(depth, fragment.depth);
      } else if (type >= ARRAY_FLAG) {
        items += arrayItemsBound(type & ~ARRAY_FLAG, size);
      }
      at += size;
    }
    // Sizes only add up, so the last value being inside says it of all.
    if (at > end) throw new BinXmlError('value outside the record');
    const bytes = at - valuesStart - fragmentBytes;
    instance.sizeBound = sizeBound(template.shape, bytes, items, fragmentBound);
    instance.depth = template.shape.depth + depth;
    this.#next = at;
    return instance;
  }

  #template(offset: number): Template {
    const known = this.#chunk.templates.get(offset);
    if (known !== undefined) return known;
    const size = definitionSize(this.#bytes, offset);
    this.#definitionBytes += size;
    if (this.#definitionBytes > DEFINITION_BYTES_MAX)
      throw new BinXmlError('overlapping templates');
    const template = this.#cache.template(this.#chunk, offset, size, (at, limit) => {
      if (this.#depth === FRAGMENT_DEPTH_MAX) throw new BinXmlError('templates nest too deep');
      this.#depth++;
      const decoded = this.#nestedInstance(at, limit);
      this.#depth--;
      return decoded;
    });
    this.#chunk.templates.set(offset, template);
    return template;
  }
}

/** Bytes of the binary XML of a definition, which lie in the chunk. */
function definitionSize(bytes: Buffer, offset: number): number {
  const start = offset + DEFINITION_HEADER_SIZE;
  if (start > bytes.length) throw new BinXmlError('template outside the chunk');
  const size = readU32(bytes, start - 4);
  if (start + size > bytes.length) throw new BinXmlError('template outside the chunk');
  return size;
}

/** Binary XML that has no template becomes one of its own, without slots. */
function literalInstance(bytes: Buffer, roots: readonly ContentNode[]): TemplateInstance {
  const shape = shapeOf(roots);
  const instance = new TemplateInstance();
  instance.reset({ guid: null, roots, shape }, bytes, 0, 0);
  instance.sizeBound = sizeBound(shape, 0, 0, 0);
  instance.depth = shape.depth;
  return instance;
}

/** Whether anything remains that could be the event's element. */
function hasElement(instance: TemplateInstance): boolean {
  return instance.template.roots.some((node) => {
    if (node.kind === 'element') return !isAbsent(instance, node.dependencySlot);
    if (node.kind === 'fragment') return hasElement(node.instance);
    const fragment = node.kind === 'slot' ? instance.fragment(node.slot) : undefined;
    return fragment !== undefined && hasElement(fragment);
  });
}
