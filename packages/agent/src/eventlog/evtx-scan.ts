/**
 * Reads a finished .evtx file from end to end, for commands. The reading itself is synchronous:
 * bytes that arrive on another thread arrive in another core's cache, which costs more than the
 * events do. Between two chunks the caller may wait for whatever it likes.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { checkChunk, checkFileHeader } from './checksums.ts';
import { CHUNK_HEADER_SIZE, CHUNK_SIZE } from './chunk.ts';
import { FIRST_CHUNK_OFFSET, signatureDamage, slotOf } from './chunk-slot.ts';
import { checkLength } from './cut-file.ts';
import { type ChunkContent, decodeChunk, type EventVisitor } from './decode-chunk.ts';
import type { EvtxEvent } from './evtx-event.ts';
import { RecordIdSet } from './record-id-set.ts';
import { TemplateCache } from './template-cache.ts';
import { unavailable } from './unavailable.ts';

/** Bytes read at once: as many as stay in a core's cache until they are looked at. */
const BLOCK_SIZE = 4 * CHUNK_SIZE;

export interface EvtxScanOptions {
  /** Compiled templates, shared by every file scanned with the same cache. */
  readonly templates?: TemplateCache;
  readonly visit?: EventVisitor<EvtxEvent> | undefined;
  /** Checks every checksum, not only those of chunks in which something is damaged. */
  readonly verify?: boolean | undefined;
}

export interface ScannedChunk extends ChunkContent {
  readonly bytesRead: number;
}

/**
 * Every event, chunk by chunk in the order of the file, and everything that is damaged. Of
 * records with one identifier the first is kept. A file that is no event log yields damage only;
 * one that is cut or empty yields damage saying so at its end.
 * Throws `SOURCE_UNAVAILABLE` when the file cannot be opened or read.
 */
export function* scanEvtx(
  path: string,
  options: EvtxScanOptions = {},
): Generator<ScannedChunk, void, void> {
  const file = attempt(path, () => openSync(path, 'r'));
  try {
    const read = (into: Buffer, offset: number): Buffer =>
      attempt(path, () => readFully(file, into, offset));
    const header = read(Buffer.alloc(FIRST_CHUNK_OFFSET), 0);
    const wrong = signatureDamage(header);
    const damage = wrong !== null ? [wrong] : options.verify ? checkFileHeader(header) : [];
    if (damage.length > 0) yield { events: [], damage, bytesRead: header.length };
    const end = yield* scanSlots(read, options);
    const missing = checkLength(header, header.length < FIRST_CHUNK_OFFSET ? header.length : end);
    if (missing.length > 0) yield { events: [], damage: missing, bytesRead: end };
  } finally {
    closeSync(file);
  }
}

/** Returns where the file ends; its first slot, if it ends before that. */
function* scanSlots(
  read: (into: Buffer, offset: number) => Buffer,
  { templates = new TemplateCache(), visit, verify = false }: EvtxScanOptions,
): Generator<ScannedChunk, number, void> {
  const seen = new RecordIdSet();
  let memory = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  for (let offset = FIRST_CHUNK_OFFSET; ; offset += BLOCK_SIZE) {
    const block = read(memory, offset);
    let isKept = false;
    for (let at = 0; at < block.length; at += CHUNK_SIZE) {
      const bytes = block.subarray(at, at + CHUNK_SIZE);
      const slot = slotOf(bytes, offset + at);
      const bytesRead = Math.min(offset + at + CHUNK_SIZE, offset + block.length);
      // So little of a chunk begins like none because it is cut.
      const isDamaged = slot.kind === 'damaged' && bytes.length >= CHUNK_HEADER_SIZE;
      if (isDamaged) yield { events: [], damage: [slot.damage], bytesRead };
      if (slot.kind !== 'chunk') continue;
      const content = decodeChunk(slot.chunk, { templates, seen, visit });
      isKept ||= content.events.length > 0;
      const { events, damage } = content;
      const checked = verify || damage.length > 0 ? checkChunk(slot.chunk) : [];
      yield { events, damage: checked.length > 0 ? [...damage, ...checked] : damage, bytesRead };
    }
    if (block.length < BLOCK_SIZE) return offset + block.length;
    // Events that are kept need their bytes for as long as they live.
    if (isKept) memory = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  }
}

/** The part of `into` that was filled: all of it but at the end of the file. */
function readFully(file: number, into: Buffer, offset: number): Buffer {
  let length = 0;
  while (length < into.length) {
    const count = readSync(file, into, length, into.length - length, offset + length);
    if (count === 0) break;
    length += count;
  }
  return into.subarray(0, length);
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw unavailable(path, error);
  }
}
