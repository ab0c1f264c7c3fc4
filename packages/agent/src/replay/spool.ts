/** What can be read once only, as a file: readers of log files go back and forth in it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { InputFile } from './replay-input.ts';

/** Runs `work` with the path of the file, or of a private copy that is removed afterwards. */
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
  try {
    const path = join(folder, 'input');
    const stream = file.name === '-' ? stdin() : createReadStream(file.name);
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
    await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
