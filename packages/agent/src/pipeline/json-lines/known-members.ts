/**
 * Which column a member belongs to. Objects of one log mostly have the same members in the same
 * order, so a name is first compared with the one that stood at its place in the object before.
 */
import type { Column } from '@dcr-agent/schema';
import type { Member } from './json-object-scan.ts';

/** For members that no column is declared for. */
export const NO_COLUMN = -1;

/** Objects with more members, or longer names, have names that are data: they are not kept. */
const GUESSES_MAX = 256;
const NAME_BYTES_MAX = 256;

interface Guess {
  readonly name: Buffer;
  readonly column: number;
}

export class KnownMembers {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #guesses: Guess[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = new Map(columns.map(({ name }, at) => [name, at]));
  }

  /** Index of the column; names are compared exactly. `place`: of the member in its object. */
  columnOf(bytes: Buffer, member: Member, place: number): number {
    const guess = this.#guesses[place];
    if (guess !== undefined && isAt(guess.name, bytes, member.nameStart, member.nameEnd)) {
      return guess.column;
    }
    const name = nameOf(bytes, member);
    const column = this.#columns.get(name) ?? NO_COLUMN;
    const isShort = member.nameEnd - member.nameStart <= NAME_BYTES_MAX;
    if (place < GUESSES_MAX && isShort && !member.nameHasEscape) {
      this.#guesses[place] = { name: Buffer.from(name), column };
    }
    return column;
  }
}

export function nameOf(bytes: Buffer, { nameStart, nameEnd, nameHasEscape }: Member): string {
  return nameHasEscape
    ? (JSON.parse(bytes.toString('utf8', nameStart - 1, nameEnd + 1)) as string)
    : bytes.toString('utf8', nameStart, nameEnd);
}

function isAt(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}
