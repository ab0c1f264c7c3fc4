/** The configuration file: YAML text → values, and where in the text each of them stands. */
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { reasonOf } from '../errors.ts';

export type Path = readonly (string | number)[];

export interface ConfigFile {
  /** Empty members are left out: a group whose lines are all commented out says nothing. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Mistakes of the text itself, each with line and column. */
  readonly findings: readonly string[];
  /** `file:line:column` of a value, or of the nearest group around it. */
  place(path: Path): string;
}

export function parseConfigFile(name: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const place = (path: Path): string => at(offsetOf(document.contents, path));
  const findings = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`);
  if (findings.length > 0) return { values: {}, findings, place };
  let values: unknown;
  try {
    values = withoutEmpty(document.toJS());
  } catch (error) {
    return { values: {}, findings: [`${at(0)}: ${aliasMistake(error)}`], place };
  }
  if (values === undefined) return { values: {}, findings, place };
  if (typeof values !== 'object' || Array.isArray(values)) {
    return { values: {}, findings: [`${at(0)}: the file must be a map of options`], place };
  }
  return { values: { ...values }, findings, place };
}

/**
 * Aliases that multiply beyond reason, or that lead nowhere. Of those the name is not told: it may
 * be a password that begins with an asterisk.
 */
function aliasMistake(error: unknown): string {
  return reasonOf(error).startsWith('Unresolved alias')
    ? 'there is an alias (*name) without its anchor (&name); quote a text that begins with *'
    : reasonOf(error);
}

function withoutEmpty(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, withoutEmpty(each)])
      .filter(([, each]) => each !== undefined),
  );
}

/** The key where there is one: that is where one would look. */
function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
