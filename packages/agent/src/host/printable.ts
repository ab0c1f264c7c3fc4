/**
 * Text from outside on one line of a terminal or a log: nothing in it ends the line, moves the
 * cursor or turns the reading direction. What would is written as an escape, `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
