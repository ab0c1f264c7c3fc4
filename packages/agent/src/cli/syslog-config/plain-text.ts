/** Configurations of syslog daemons without what only looks like one: comments, and text in quotes. Pure. */
import type { DaemonName } from './daemon.ts';

const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const LITERAL = String.raw`"(?:[^"\\\n]|\\.)*"|'[^'\n]*'`;

/**
 * rsyslog has comments in slashes and stars too, though not behind the name of a directive:
 * `$IncludeConfig /etc/rsyslog.d/*.conf`. syslog-ng refuses them.
 */
const COMMENTS: Readonly<Record<DaemonName, RegExp>> = {
  rsyslog: new RegExp(
    String.raw`(${QUOTED}|(?<=^[ \t]*\$\w+[ \t]+)[^\s#]+)|#[^\n]*|/\*[^]*?(?:\*/|$(?![^]))`,
    'gm',
  ),
  'syslog-ng': new RegExp(`(${LITERAL})|#.*$`, 'gm'),
};

/** A comment becomes a blank; one that begins in quotes is none. */
export function withoutComments(daemon: DaemonName, text: string): string {
  return text.replace(COMMENTS[daemon], (_, kept?: string) => kept ?? ' ');
}

/** Of a text without comments: each string in quotes is blanks, so that all else keeps its place. */
export function withoutStrings(daemon: DaemonName, text: string): string {
  const quoted = new RegExp(daemon === 'rsyslog' ? QUOTED : LITERAL, 'g');
  return text.replace(quoted, (all) => `"${' '.repeat(all.length - 2)}"`);
}

/** Behind the brace that closes the first one from `start` on; of a text without strings. */
export function blockEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}
