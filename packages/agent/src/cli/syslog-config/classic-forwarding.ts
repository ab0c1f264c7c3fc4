/**
 * Forwarding in rsyslog's classic form, `*.* @@host:port`, and the directives that go with it, as
 * the parameters of the action they make. Pure.
 * Source: rsyslog documentation, "Actions" and "omfwd: legacy configuration directives".
 */

export interface PlacedAction {
  /** Where in the text it stands. */
  readonly index: number;
  /** By the names `action()` has for them, in small letters. */
  readonly parameters: ReadonlyMap<string, string>;
}

const FORWARD =
  /(?<=^|[ \t&])(@@?)(?:\([^)\n]*\))?(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?(?=[;\s]|$)/gm;
const DIRECTIVE = /^[ \t]*\$Action(Queue|Resume)(\w+)[ \t]+(\S+)/gim;

/** Of a text without comments and strings. A directive holds for the next such action only. */
export function classicForwards(text: string): PlacedAction[] {
  let behind = 0;
  return [...text.matchAll(FORWARD)].map(({ 0: all, 1: at, 2: six, 3: name, 4: port, index }) => {
    const parameters = new Map([
      ...directives(text.slice(behind, index)),
      ['type', 'omfwd'],
      ['protocol', at === '@@' ? 'tcp' : 'udp'],
      ['target', six ?? name ?? ''],
      ['port', port ?? '514'],
    ]);
    behind = index + all.length;
    return { index, parameters };
  });
}

function directives(text: string): [string, string][] {
  return [...text.matchAll(DIRECTIVE)].map(({ 1: kind = '', 2: name = '', 3: value = '' }) => {
    const prefix = kind.toLowerCase() === 'queue' ? 'queue.' : 'action.resume';
    return [`${prefix}${name.toLowerCase()}`, value];
  });
}
