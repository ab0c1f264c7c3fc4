/** A file of Windows events in either form, told apart by how it begins. */
import { closeSync, openSync, readSync } from 'node:fs';
import { CHUNK_HEADER_SIZE, hasChunkSignature } from './chunk.ts';
import { FIRST_CHUNK_OFFSET, signatureDamage } from './chunk-slot.ts';
import type { Damage } from './damage.ts';
import type { EventVisitor } from './decode-chunk.ts';
import { scanEvtx } from './evtx-scan.ts';
import type { TemplateCache } from './template-cache.ts';
import { unavailable } from './unavailable.ts';
import type { WindowsEventRecord } from './windows-event-record.ts';

export interface EventFileContent {
  /** Those that were to be kept. */
  readonly events: readonly WindowsEventRecord[];
  readonly damage: readonly Damage[];
  /** How much of the file is behind, for whoever wants to show it. */
  readonly bytesRead: number;
}

export interface EventFileOptions {
  /** Sees every event first and tells whether to keep it. */
  readonly visit?: EventVisitor<WindowsEventRecord>;
  /** Compiled templates, shared by every file read with the same cache. */
  readonly templates?: TemplateCache;
  /** Checks every checksum of an .evtx file, not only those of damaged parts. */
  readonly verify?: boolean | undefined;
}

/**
 * Every event of an .evtx or event XML file, in the order of the file, with what had to be
 * skipped. Throws `SOURCE_UNAVAILABLE` when the file cannot be opened or read.
 */
export async function* readEventFile(
  path: string,
  options: EventFileOptions = {},
): AsyncGenerator<EventFileContent, void, void> {
  if (isEvtx(path)) {
    yield* scanEvtx(path, options);
    return;
  }
  // Loaded only where it is needed, with the parser it brings.
  const { readEventXml } = await import('./event-xml-reader.ts');
  yield* readEventXml(path, options);
}

/**
 * By the signature of the file or, where that is damaged, of its first chunk. An empty file is
 * either.
 */
function isEvtx(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(FIRST_CHUNK_OFFSET + CHUNK_HEADER_SIZE);
      const length = readSync(file, start, 0, start.length, 0);
      if (signatureDamage(start.subarray(0, length)) === null) return true;
      return hasChunkSignature(start.subarray(FIRST_CHUNK_OFFSET, length));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unavailable(path, error);
  }
}
