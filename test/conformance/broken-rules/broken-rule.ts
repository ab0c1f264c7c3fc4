/**
 * Rules with one mistake each, and what has to be said of it: written down in files of this folder
 * that people can read and add to.
 *
 *     @frame <name>      a text that several cases share, with `◇` where theirs goes
 *     @case <name>       one mistake; the name may begin with the section of the rule it breaks
 *     @finds <severity> <code> [<code of the service> [<target of the service>]]
 *     @in <frame>        where the text goes; without it the text is the whole document
 *
 * `▸` stands before the character where the finding has to be, and is no part of the text.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface BrokenRule {
  readonly name: string;
  readonly severity: string;
  readonly code: string;
  /** What the service answers; absent where that is not known, or nothing. */
  readonly service?: { readonly code: string; readonly target?: string };
  /** The text with its marker. */
  readonly marked: string;
}

const MARKER = '▸';
const HOLE = '◇';

/** The text as it is checked, and where its mistake is; lines and columns count from 1. */
export function unmarked(marked: string): { text: string; line: number; column: number } {
  const [before, after, ...more] = marked.split(MARKER);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`a case has one marker: ${marked.slice(0, 100)}`);
  }
  const lines = before.split('\n');
  return { text: before + after, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** The cases of `broken-rules/<name>.txt`. */
export function readBrokenRules(name: string): readonly BrokenRule[] {
  const path = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  const [, ...parts] = readFileSync(path, 'utf8').split(/^@(?=frame |case )/m);
  const frames = new Map<string, string>();
  return parts.flatMap((part): BrokenRule[] => {
    const [head = '', ...lines] = part.split('\n');
    if (head.startsWith('frame ')) {
      frames.set(head.slice('frame '.length), lines.join('\n').trim());
      return [];
    }
    return [readCase(head.slice('case '.length), lines, frames)];
  });
}

function readCase(
  name: string,
  lines: readonly string[],
  frames: ReadonlyMap<string, string>,
): BrokenRule {
  const directive = (word: string): string | undefined =>
    lines.find((line) => line.startsWith(`@${word} `))?.slice(word.length + 2);
  const [severity = '', code = '', serviceCode, target] = directive('finds')?.split(' ') ?? [];
  const own = lines
    .filter((line) => !line.startsWith('@'))
    .join('\n')
    .trim();
  const frameName = directive('in');
  const frame = frameName === undefined ? HOLE : frames.get(frameName);
  if (frame === undefined) throw new Error(`the case '${name}' is in an unknown frame`);
  return {
    name,
    severity,
    code,
    ...(serviceCode !== undefined && {
      service: { code: serviceCode, ...(target !== undefined && { target }) },
    }),
    // A function, so that a `$` in a case stays one.
    marked: frame.replace(HOLE, () => own),
  };
}
