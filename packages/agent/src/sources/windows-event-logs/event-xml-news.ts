/**
 * What is new in a file of event XML. A file that grew is read on behind the last event; one that
 * was replaced, which its size alone does not tell, is read from its beginning.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Damage } from '../../eventlog/damage.ts';
import { readEventXml } from '../../eventlog/event-xml-reader.ts';
import type { XmlEvent } from '../../eventlog/xml-event.ts';

/** Where event XML was left. Plain data, to be kept as JSON. */
export interface XmlPosition {
  /** Behind the last event that was read, bytes; 0 before the first. */
  readonly xmlEnd: number;
  /** Size of the file when all of it had been read; -1 before. */
  readonly doneBytes: number;
  /** Of the beginning of the file and of the last event: the same file still has both. */
  readonly fingerprint: Fingerprint;
}

interface Fingerprint {
  readonly headBytes: number;
  readonly tailBytes: number;
  readonly digest: string;
}

interface XmlPiece {
  readonly events: readonly XmlEvent[];
  readonly damage: readonly Damage[];
  readonly position: XmlPosition;
}

const FINGERPRINT_BYTES = 1_024;

/** `fileBytes`: the file's size now. Throws `SOURCE_UNAVAILABLE` when it cannot be opened. */
export async function* readXmlNews(
  path: string,
  position: XmlPosition | null,
  fileBytes: number,
): AsyncGenerator<XmlPiece, void, void> {
  const isSame = position !== null && (await isSameFile(path, position, fileBytes));
  if (isSame && position.doneBytes === fileBytes) return;
  const from = isSame ? position.xmlEnd : 0;
  let xmlEnd = from;
  let fingerprint = isSame ? position.fingerprint : await fingerprintOf(path, 0, fileBytes);
  for await (const { events, damage } of readEventXml(path, { from })) {
    // A piece that reaches the end of the file may still be being written.
    const certain = damage.filter((piece) => piece.offset + piece.length < fileBytes);
    if (events.length === 0 && certain.length === 0) continue;
    const last = events.at(-1);
    if (last !== undefined) {
      xmlEnd = last.end;
      fingerprint = await fingerprintOf(path, xmlEnd, fileBytes);
    }
    yield { events, damage: certain, position: { xmlEnd, doneBytes: -1, fingerprint } };
  }
  const done = { xmlEnd, doneBytes: fileBytes, fingerprint };
  yield { events: [], damage: [], position: done };
}

async function isSameFile(
  path: string,
  { xmlEnd, fingerprint }: XmlPosition,
  fileBytes: number,
): Promise<boolean> {
  if (fileBytes < Math.max(xmlEnd, fingerprint.headBytes)) return false;
  const { headBytes, tailBytes, digest } = fingerprint;
  return (await digestOf(path, headBytes, xmlEnd - tailBytes, tailBytes)) === digest;
}

/** Of what was read before `end`; while nothing was, of what there is. */
async function fingerprintOf(path: string, end: number, fileBytes: number): Promise<Fingerprint> {
  const headBytes = Math.min(FINGERPRINT_BYTES, end === 0 ? fileBytes : end);
  const tailBytes = Math.min(FINGERPRINT_BYTES, end);
  const digest = await digestOf(path, headBytes, end - tailBytes, tailBytes);
  return { headBytes, tailBytes, digest };
}

async function digestOf(
  path: string,
  headBytes: number,
  tailOffset: number,
  tailBytes: number,
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    for (const [offset, size] of [
      [0, headBytes],
      [tailOffset, tailBytes],
    ] as const) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex').slice(0, 32);
}
