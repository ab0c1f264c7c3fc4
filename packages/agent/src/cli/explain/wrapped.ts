/** Long lines of a report, broken between words. */

/** Characters of a line. */
export const LINE_CHARACTERS = 100;

/**
 * The text behind `head`, with further lines indented as far. A word that is longer than a line
 * stands on one of its own, whole: it may be a path or an address.
 */
export function wrapped(head: string, text: string): string[] {
  const indent = ' '.repeat(head.length);
  const lines: string[] = [];
  let line = head;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > LINE_CHARACTERS) {
      lines.push(line.trimEnd());
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}
