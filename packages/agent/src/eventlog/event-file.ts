/** A file of Windows events in either form, told apart by how it begins. */

import { ChunkFile, FIRST_CHUNK_OFFSET } from './chunk-file.ts';
import type { Damage } from './damage.ts';
import type { EventVisitor } from './decode-chunk.ts';
import { readEventXml } from './event-xml-reader.ts';
import { scanEvtx } from './evtx-scan.ts';
import { openForReading } from './read-bytes.ts';
import type { WindowsEventRecord } from './windows-event-record.ts';

export interface EventFileContent {
  readonly events: readonly WindowsEventRecord[];
  readonly damage: readonly Damage[];
}

/**
 * Every event of an .evtx or event XML file, in the order of the file, with what had to be
 * skipped. `visit` sees each first and tells whether to keep it. Throws `SOURCE_UNAVAILABLE` when the file cannot be opened.
 */
export async function* readEventFile(
  path: string,
  visit?: EventVisitor<WindowsEventRecord>,
): AsyncGenerator<EventFileContent, void, void> {
  if (await isEvtx(path)) yield* scanEvtx(path, { visit });
  else yield* readEventXml(path, { visit });
}

/** By the signature of the file or, where that is damaged, of its first chunk. */
async function isEvtx(path: string): Promise<boolean> {
  const handle = await openForReading(path);
  const file = new ChunkFile(handle);
  try {
    if ((await handle.stat()).size === 0) return false;
    if ((await file.checkSignature()) === null) return true;
    return (await file.peek(FIRST_CHUNK_OFFSET)).kind === 'chunk';
  } finally {
    await file.close();
  }
}
