/** Which instances of a counter a rule asks for. */
import { WHOLE_MACHINE } from './whole-machine.ts';

export type InstancePattern = (instance: string) => boolean;

/**
 * `*` is every instance, the whole machine included, as on Windows; `_Total` and nothing at all are
 * the whole machine. Within a name `*` stands for any characters. Names of programs and folders
 * differ by letter case, so they are compared as they are.
 */
export function instancePattern(written: string | undefined): InstancePattern {
  const name = written ?? '';
  if (name === '*') return () => true;
  if (name === '' || /^_?total$/i.test(name)) return (instance) => instance === WHOLE_MACHINE;
  if (!name.includes('*')) return (instance) => instance === name;
  const pieces = name.split('*');
  return (instance) => matches(instance, pieces);
}

/** In time that is linear in the length of both: each piece is taken where it comes first. */
function matches(instance: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (instance.length < first.length + last.length) return false;
  if (!instance.startsWith(first) || !instance.endsWith(last)) return false;
  let at = first.length;
  const end = instance.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = instance.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
