/** How rules name counters: `Processor(*)\% User Time`, `\Memory\Available MBytes`. */

export interface CounterSpecifier {
  readonly object: string;
  /** As written; absent without parentheses. */
  readonly instance?: string;
  readonly counter: string;
}

/**
 * `undefined` for what has no such form. The backslash in front is optional; one that was escaped
 * twice counts once, and so does an ampersand that came as `&amp;`. An instance may hold anything.
 */
export function parseCounterSpecifier(text: string): CounterSpecifier | undefined {
  const path = text.replaceAll('&amp;', '&').replaceAll('\\\\', '\\').trim();
  const start = path.startsWith('\\') ? 1 : 0;
  const open = path.indexOf('(', start);
  const slash = path.indexOf('\\', start);
  const hasInstance = open >= 0 && (slash < 0 || open < slash);
  const close = hasInstance ? path.lastIndexOf(')\\') : -1;
  if (hasInstance && close < open) return undefined;
  const object = path.slice(start, hasInstance ? open : Math.max(slash, start)).trim();
  const counter = path.slice(hasInstance ? close + 2 : slash + 1).trim();
  if (slash < 0 || object === '' || counter === '') return undefined;
  return {
    object,
    counter,
    ...(hasInstance && { instance: path.slice(open + 1, close).trim() }),
  };
}
