/** File access shared by the readers of this folder. */
import { type FileHandle, open } from 'node:fs/promises';
import { unavailable } from './unavailable.ts';

/** Up to `size` bytes of a file in memory of their own; fewer only at its end. */
export async function readBytes(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length === size ? bytes : bytes.subarray(0, length);
}

/** Opens for reading. Throws `SOURCE_UNAVAILABLE`, with the system's error as its cause. */
export async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw unavailable(path, cause);
  }
}
