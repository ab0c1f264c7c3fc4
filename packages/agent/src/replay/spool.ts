/**
 * What can be read once only, as a file: readers of log files go back and forth in it. The copy has
 * no name where the system lets it be read without, so that nothing is left however this process
 * ends.
 */
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { piecesOf } from './replay-events.ts';
import type { InputFile } from './replay-input.ts';

/** Open files of this process by their descriptors, as Linux shows them. */
const DESCRIPTORS = '/proc/self/fd';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with the path of the file, or of a private copy that nobody can read afterwards.
 * Throws `SOURCE_UNAVAILABLE` where reading fails.
 */
export async function withFile(
  file: InputFile,
  stdin: () => Readable,
  work: (path: string) => Promise<void>,
): Promise<void> {
  if (file.kind === 'file') {
    await work(file.name);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'dcr-replay-'));
  const forget = removedOnSignals(folder);
  try {
    const path = join(folder, 'input');
    const copy = await open(path, 'wx+', 0o600);
    try {
      const nameless = `${DESCRIPTORS}/${copy.fd}`;
      const hasDescriptors = existsSync(nameless);
      if (hasDescriptors) await rm(folder, { recursive: true });
      const stream = file.name === '-' ? stdin() : createReadStream(file.name);
      for await (const piece of piecesOf(stream, file.name)) await writeAll(copy, piece);
      await work(hasDescriptors ? nameless : path);
    } finally {
      await copy.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}

async function writeAll(copy: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    at += (await copy.write(piece, at, piece.length - at)).bytesWritten;
  }
}

/** A signal ends the process as it would without this. Call the result when the folder is gone. */
function removedOnSignals(folder: string): () => void {
  const end = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true });
    forget();
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return forget;
}
