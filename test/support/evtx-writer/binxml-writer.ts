/** Binary XML tokens. Layout as in the reader's `binxml-parser.ts`. */
import type {
  ContentSpec,
  ElementSpec,
  InstanceSpec,
  SlotSpec,
  ValueSpec,
} from './binxml-model.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import { encodeArray, encodeScalar, guidBytes } from './values.ts';

const FRAGMENT_HEADER = Buffer.from([0x0f, 1, 1, 0]);
const NO_DEPENDENCY = 0xffff;
const FRAGMENT_TYPE = 0x21;

/** A fragment with its header and end token. */
export function writeFragment(chunk: ChunkWriter, content: InstanceSpec | ElementSpec): void {
  chunk.out.raw(FRAGMENT_HEADER);
  writeBody(chunk, content);
}

function writeBody(chunk: ChunkWriter, content: InstanceSpec | ElementSpec): void {
  if ('template' in content) writeInstance(chunk, content);
  else writeElement(chunk, content, false);
  chunk.out.u8(0x00);
}

function writeInstance(chunk: ChunkWriter, instance: InstanceSpec): void {
  const { out } = chunk;
  const { guid, root } = instance.template;
  const id = guidBytes(guid).readUInt32LE(0);
  out.u8(0x0c);
  out.u8(1);
  out.u32(id);
  if (chunk.definition(guid, id)) {
    out.raw(guidBytes(guid));
    const endDefinition = out.sizeField();
    out.raw(FRAGMENT_HEADER);
    writeElement(chunk, root, true);
    out.u8(0x00);
    endDefinition();
  }
  writeValues(chunk, instance.values);
}

function writeValues(chunk: ChunkWriter, values: readonly ValueSpec[]): void {
  const { out } = chunk;
  out.u32(values.length);
  const descriptors = out.at;
  out.raw(Buffer.alloc(4 * values.length));
  values.forEach((value, i) => {
    const start = out.at;
    const typeCode = writeValue(chunk, value);
    const descriptor = descriptors + 4 * i;
    out.bytes.writeUInt16LE(out.at - start, descriptor);
    out.bytes.writeUInt8(typeCode, descriptor + 2);
  });
}

function writeValue(chunk: ChunkWriter, value: ValueSpec): number {
  if ('fragment' in value) {
    if (value.hasHeader ?? true) writeFragment(chunk, value.fragment);
    else writeBody(chunk, value.fragment);
    return FRAGMENT_TYPE;
  }
  if ('bytes' in value) {
    chunk.out.raw(value.bytes);
    return value.typeCode;
  }
  const { typeCode, bytes } =
    'items' in value ? encodeArray(value.type, value.items) : encodeScalar(value.type, value.text);
  chunk.out.raw(bytes);
  return typeCode;
}

function writeElement(chunk: ChunkWriter, element: ElementSpec, isInTemplate: boolean): void {
  const { out } = chunk;
  const { attributes = [], children = [] } = element;
  out.u8(attributes.length > 0 ? 0x41 : 0x01);
  if (isInTemplate) out.u16(element.dependsOn ?? NO_DEPENDENCY);
  const endElement = out.sizeField();
  chunk.name(element.name);
  if (attributes.length > 0) {
    const endAttributes = out.sizeField();
    attributes.forEach(([name, ...parts], i) => {
      out.u8(i + 1 < attributes.length ? 0x46 : 0x06);
      chunk.name(name);
      for (const part of parts) writeContent(chunk, part, isInTemplate);
    });
    endAttributes();
  }
  if (children.length === 0) {
    out.u8(0x03);
  } else {
    out.u8(0x02);
    for (const child of children) writeContent(chunk, child, isInTemplate);
    out.u8(0x04);
  }
  endElement();
}

function writeContent(chunk: ChunkWriter, content: ContentSpec, isInTemplate: boolean): void {
  const { out } = chunk;
  if (typeof content === 'string') {
    out.u8(0x05);
    out.u8(1);
    writeCharacters(chunk, content);
  } else if ('slot' in content) {
    writeSlot(chunk, content);
  } else if ('entity' in content) {
    out.u8(0x09);
    chunk.name(content.entity);
  } else if ('character' in content) {
    out.u8(0x08);
    out.u16(content.character);
  } else if ('cdata' in content) {
    out.u8(0x07);
    writeCharacters(chunk, content.cdata);
  } else if ('template' in content) {
    writeInstance(chunk, content);
  } else {
    writeElement(chunk, content, isInTemplate);
  }
}

function writeCharacters(chunk: ChunkWriter, text: string): void {
  chunk.out.u16(text.length);
  chunk.out.raw(Buffer.from(text, 'utf16le'));
}

function writeSlot(chunk: ChunkWriter, { slot, isOptional = false }: SlotSpec): void {
  chunk.out.u8(isOptional ? 0x0e : 0x0d);
  chunk.out.u16(slot);
  chunk.out.u8(0x01);
}
