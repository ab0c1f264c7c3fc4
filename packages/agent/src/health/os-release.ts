/** Name and version of a Linux system. Source: os-release(5). */

export interface OsRelease {
  readonly name?: string;
  readonly version?: string;
}

const NAME = /^NAME=(.*)$/gm;
const VERSION_ID = /^VERSION_ID=(.*)$/gm;

/** From the text of `/etc/os-release`; members that are missing or empty are left out. */
export function parseOsRelease(text: string): OsRelease {
  const name = lastValue(text, NAME);
  const version = lastValue(text, VERSION_ID);
  return { ...(name && { name }), ...(version && { version }) };
}

/** As in a shell: the last assignment counts, quotes of either kind and escapes are undone. */
function lastValue(text: string, assignment: RegExp): string | undefined {
  const value = [...text.matchAll(assignment)].at(-1)?.[1]?.trim();
  const [, double, single] = /^(?:"(.*)"|'(.*)')$/.exec(value ?? '') ?? [];
  return single ?? (double ?? value)?.replace(/\\(.)/g, '$1');
}
