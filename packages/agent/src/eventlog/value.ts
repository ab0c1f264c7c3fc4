/**
 * One stored value → the text Windows prints for it. Total: a value whose bytes do not fit its
 * type is shown as bytes rather than refused, so that one odd field never costs an event.
 */
import type { EventValue } from '@dcr-agent/schema/event-queries';
import { floatText, hexNumberText, signedText, unsignedText } from './value-number.ts';
import {
  ansiItems,
  ansiText,
  binaryText,
  guidText,
  sidSize,
  sidText,
  stringItems,
  stringText,
} from './value-text.ts';
import { filetimeText, systemtimeText } from './value-time.ts';
import { ARRAY_FLAG, fixedSize, VALUE_TYPE, valueKind } from './value-type.ts';

/** The text of a scalar. An empty value prints nothing, whatever its type. */
export function scalarText(bytes: Buffer, type: number, at: number, size: number): string {
  if (type === VALUE_TYPE.string) return stringText(bytes, at, size);
  if (size === 0 || type === VALUE_TYPE.null) return '';
  if (!fitsType(bytes, type, at, size)) return binaryText(bytes, at, size);
  switch (type) {
    case VALUE_TYPE.ansiString:
      return ansiText(bytes, at, size);
    case VALUE_TYPE.uint8:
    case VALUE_TYPE.uint16:
    case VALUE_TYPE.uint32:
    case VALUE_TYPE.uint64:
      return unsignedText(bytes, at, fixedSize(type));
    case VALUE_TYPE.int8:
    case VALUE_TYPE.int16:
    case VALUE_TYPE.int32:
    case VALUE_TYPE.int64:
      return signedText(bytes, at, fixedSize(type));
    case VALUE_TYPE.float:
      return floatText(bytes.readFloatLE(at), 6);
    case VALUE_TYPE.double:
      return floatText(bytes.readDoubleLE(at), 15);
    case VALUE_TYPE.boolean:
      return isNonZero(bytes, at, Math.min(size, 4)) ? 'true' : 'false';
    case VALUE_TYPE.guid:
      return guidText(bytes, at);
    case VALUE_TYPE.size:
    case VALUE_TYPE.hex32:
    case VALUE_TYPE.hex64:
      return hexNumberText(bytes, at, type === VALUE_TYPE.size ? size : fixedSize(type));
    case VALUE_TYPE.filetime:
      return filetimeText(bytes, at);
    case VALUE_TYPE.systemtime:
      return systemtimeText(bytes, at);
    case VALUE_TYPE.sid:
      return sidText(bytes, at);
    default:
      return binaryText(bytes, at, size);
  }
}

/** A scalar with its type, as queries see it. */
export function scalarValue(bytes: Buffer, type: number, at: number, size: number): EventValue {
  const isReadable = size === 0 || fitsType(bytes, type, at, size);
  return {
    type: isReadable ? valueKind(type) : 'binary',
    text: scalarText(bytes, type, at, size),
  };
}

/** The items of an array value, each as a scalar. Source: as `value-type.ts`. */
export function arrayItems(
  bytes: Buffer,
  arrayType: number,
  at: number,
  size: number,
): EventValue[] {
  const type = arrayType & ~ARRAY_FLAG;
  if (type === VALUE_TYPE.string) return strings(stringItems(bytes, at, size));
  if (type === VALUE_TYPE.ansiString) return strings(ansiItems(bytes, at, size));
  const items: EventValue[] = [];
  const end = at + size;
  for (let item = at; item < end; ) {
    const itemSize = arrayItemSize(bytes, type, item, size);
    if (itemSize === 0) return [{ type: 'binary', text: binaryText(bytes, at, size) }];
    if (item + itemSize > end) break;
    items.push(scalarValue(bytes, type, item, itemSize));
    item += itemSize;
  }
  return items;
}

/** An array where no element can be repeated: its items in one line. */
export function joinedArrayText(bytes: Buffer, type: number, at: number, size: number): string {
  return arrayItems(bytes, type, at, size)
    .map((item) => item.text)
    .join(', ');
}

/** Size of the array item at a place, 0 where items of this type cannot be told apart. */
function arrayItemSize(bytes: Buffer, type: number, at: number, arraySize: number): number {
  if (type === VALUE_TYPE.sid) return sidSize(bytes, at);
  if (type === VALUE_TYPE.size) return arraySize % 8 === 0 ? 8 : 4;
  return fixedSize(type);
}

function strings(texts: readonly string[]): EventValue[] {
  return texts.map((text) => ({ type: 'string', text }));
}

function isNonZero(bytes: Buffer, at: number, size: number): boolean {
  for (let i = at; i < at + size; i++) if (bytes[i] !== 0) return true;
  return false;
}

function fitsType(bytes: Buffer, type: number, at: number, size: number): boolean {
  if (type === VALUE_TYPE.boolean) return true;
  if (type === VALUE_TYPE.sid) return size >= 8 && sidSize(bytes, at) <= size;
  if (type === VALUE_TYPE.size) return size === 4 || size === 8;
  return size >= fixedSize(type);
}
