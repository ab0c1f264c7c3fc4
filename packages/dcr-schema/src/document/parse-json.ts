/** JSON with comments and a byte order mark, as all documents are read, without its places. */
import { Findings } from '../rule/findings.ts';
import type { Json } from '../rule/rule.ts';
import { toJson } from '../rule/text/json-tree.ts';
import { LineIndex } from '../rule/text/line-index.ts';
import { parseJsonText } from '../rule/text/parse-json-text.ts';

export interface ParsedJson {
  readonly value?: Json;
  /** What is wrong with the text first, with its line and column. */
  readonly problem?: string;
}

export function parseJson(text: string): ParsedJson {
  const lines = new LineIndex(text);
  const findings = new Findings(lines);
  const root = parseJsonText(text, lines, findings);
  const [first] = findings.diagnostics(1);
  if (first !== undefined) {
    const { position, message } = first;
    return { problem: `line ${position?.line}, column ${position?.column}: ${message}` };
  }
  return root === undefined ? {} : { value: toJson(root) };
}
