/** Files that are not lines of text in ASCII, UTF-8 or UTF-16, told by their first bytes. */

const MARKS: readonly { readonly format: string; readonly bytes: readonly number[] }[] = [
  { format: 'gzip', bytes: [0x1f, 0x8b, 0x08] },
  { format: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { format: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { format: 'UTF-32', bytes: [0xff, 0xfe, 0x00, 0x00] },
  { format: 'UTF-32', bytes: [0x00, 0x00, 0xfe, 0xff] },
];

/** What a file is instead of text; `undefined` when it may be text. */
export function foreignFormat(head: Uint8Array): string | undefined {
  return MARKS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.format;
}
