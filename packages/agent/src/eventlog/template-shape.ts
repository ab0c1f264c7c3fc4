/**
 * How large an instance can become. A few bytes can name a slot many times, nest fragments that
 * do so again, and repeat elements per array item: the product is unbounded although the input
 * is 64 KiB. So every instance gets an upper bound before anything is rendered.
 */
import type { ContentNode, ElementNode, TemplateShape } from './binxml-template.ts';
import { VALUE_TYPE } from './value-type.ts';

/** Characters of XML one event may become; the largest event Windows writes needs far less. */
export const EVENT_SIZE_MAX = 0x100_0000;
/** Elements open at once in an event, its fragments included. */
export const EVENT_DEPTH_MAX = 512;
/** A byte of a value becomes at most this many characters: int8 items, and `&quot;` in strings. */
const CHARACTERS_PER_BYTE = 8;
/** Literal characters as references, `&quot;`. */
const CHARACTERS_PER_LITERAL = 6;

interface Accumulator {
  depth: number;
  literalSize: number;
  repeatSize: number;
  repeatDepth: number;
  repeatsOther: boolean;
  readonly slotUses: Map<number, number>;
}

export function shapeOf(roots: readonly ContentNode[]): TemplateShape {
  const shape: Accumulator = {
    depth: 0,
    literalSize: 0,
    repeatSize: 0,
    repeatDepth: 0,
    repeatsOther: false,
    slotUses: new Map(),
  };
  addNodes(shape, roots, 0, 0);
  return {
    depth: shape.depth,
    literalSize: shape.literalSize,
    slotUses: Math.max(1, ...shape.slotUses.values()),
    repeatSize: shape.repeatSize,
    repeatDepth: shape.repeatDepth,
    repeatsOther: shape.repeatsOther,
  };
}

/**
 * Characters that an instance can become at most. `bytes` are those of all values that are not
 * fragments, `items` those of the arrays among them, `fragmentBound` the sum of the fragments'
 * bounds.
 */
export function sizeBound(
  shape: TemplateShape,
  bytes: number,
  items: number,
  fragmentBound: number,
): number {
  const content = CHARACTERS_PER_BYTE * bytes + fragmentBound;
  const once = shape.literalSize + shape.slotUses * content;
  if (items === 0) return once;
  if (shape.repeatsOther) return once * (1 + items) ** shape.repeatDepth;
  return once + shape.slotUses * items * shape.repeatSize;
}

/** At least as many items as an array of this size can have. */
export function arrayItemsBound(itemType: number, size: number): number {
  return itemType === VALUE_TYPE.string ? 1 + (size >> 1) : 1 + size;
}

function addNodes(
  shape: Accumulator,
  nodes: readonly ContentNode[],
  depth: number,
  repeatDepth: number,
): void {
  for (const node of nodes) {
    if (node.kind === 'element') addElement(shape, node, depth + 1, repeatDepth);
    else if (node.kind === 'text') shape.literalSize += CHARACTERS_PER_LITERAL * node.text.length;
    else if (node.kind === 'slot') addSlot(shape, node.slot);
    else {
      shape.depth = Math.max(shape.depth, depth + node.instance.depth);
      shape.literalSize += node.instance.sizeBound;
    }
  }
}

function addElement(
  shape: Accumulator,
  element: ElementNode,
  depth: number,
  outerRepeatDepth: number,
): void {
  const sizeBefore = shape.literalSize;
  shape.depth = Math.max(shape.depth, depth);
  shape.literalSize += element.xmlStart.length + element.xmlEnd.length + 2;
  for (const attribute of element.xmlAttributes) {
    shape.literalSize += attribute.qualifiedName.length + 4;
    for (const part of attribute.parts) {
      if (part.kind === 'slot') addSlot(shape, part.slot);
      else shape.literalSize += CHARACTERS_PER_LITERAL * part.text.length;
    }
  }
  const repeatDepth = outerRepeatDepth + (element.hasSlotChild ? 1 : 0);
  addNodes(shape, element.children, depth, repeatDepth);
  if (!element.hasSlotChild) return;
  shape.repeatDepth = Math.max(shape.repeatDepth, repeatDepth);
  shape.repeatSize = Math.max(shape.repeatSize, shape.literalSize - sizeBefore);
  if (element.children.length > 1 || element.xmlAttributes.length > 0) shape.repeatsOther = true;
}

function addSlot(shape: Accumulator, slot: number): void {
  shape.slotUses.set(slot, (shape.slotUses.get(slot) ?? 0) + 1);
}
