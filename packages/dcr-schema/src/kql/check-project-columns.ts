/** The steps that take columns as they are: `project-away` and `project-rename`. */
import { checkName } from './check-expression.ts';
import {
  type Checking,
  type FlowColumn,
  mayGoThrough,
  type OwnColumns,
  type Part,
  type StageOutcome,
} from './checking.ts';
import { missingValue, unconnected } from './expression-mistakes.ts';
import { endOf } from './kql-tokens.ts';
import { assignedNames, listItems, nameAt } from './named-values.ts';
import type { Range, TokenTree } from './token-tree.ts';
import { syntaxMistake } from './transform-report.ts';

/** `project-away Name, Prefix*, …`: all columns but these. */
export function checkProjectAway(
  checking: Checking,
  part: Part,
  columns: OwnColumns,
): StageOutcome {
  const { tree } = checking;
  const items = listItems(checking, part, 'project-away');
  if (items === undefined) return 'broken';
  const removed = new Set<string>();
  let isFollowed = true;
  for (const item of items) {
    const named = nameAt(tree, item.start);
    if (named?.next === item.end) {
      checkName(checking, named.name, columns);
      removed.add(named.name.name);
      continue;
    }
    const pattern = namePattern(tree, item);
    if (pattern === undefined) return notAName(checking, item, named?.next ?? item.start);
    if (!mayGoThrough(checking, columns)) {
      isFollowed = false;
      continue;
    }
    for (const name of columns.keys()) if (matchesParts(name, pattern)) removed.add(name);
  }
  if (!isFollowed) return { columns: undefined };
  for (const name of removed) columns?.delete(name);
  return { columns };
}

/** A name with `*` for any characters, written without blanks: `Custom*_s`; its parts. */
function namePattern({ tokens }: TokenTree, { start, end }: Range): readonly string[] | undefined {
  const words = tokens.slice(start, end);
  const isOneWord = words.every((token, i) => {
    const before = words[i - 1];
    const isPart = token.text === '*' || token.kind === 'name' || token.kind === 'literal';
    return isPart && (before === undefined || endOf(before) === token.unit);
  });
  const parts = words
    .map((token) => token.text)
    .join('')
    .split('*');
  return isOneWord && parts.length > 1 ? parts : undefined;
}

/** Whether the parts stand in the text in this order, the first and the last at its ends. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function notAName(checking: Checking, item: Range, at: number): 'broken' {
  const { tokens } = checking.tree;
  const index = Math.min(at, item.end - 1);
  const token = tokens[index];
  if (token === undefined) return 'broken';
  const previous = index > item.start ? tokens[index - 1] : undefined;
  const mistake =
    previous === undefined
      ? missingValue(undefined, token, token.unit)
      : unconnected(previous, token);
  checking.report(mistake);
  return 'broken';
}

/** `project-rename New = Old, …`: all columns, some under other names. */
export function checkProjectRename(
  checking: Checking,
  part: Part,
  columns: OwnColumns,
): StageOutcome {
  const { tree } = checking;
  const items = listItems(checking, part, 'project-rename');
  if (items === undefined) return 'broken';
  const renamed = new Map<string, { name: string; unit: number }>();
  for (const item of items) {
    const names = assignedNames(tree, item);
    const old = names === undefined ? undefined : nameAt(tree, names.next);
    const [name] = names?.list ?? [];
    if (name === undefined || old === undefined || old.next !== item.end) {
      const unit = tree.tokens[item.start]?.unit ?? part.unit;
      checking.report(syntaxMistake(unit, "an item of 'project-rename' is no New = Old"));
      return 'broken';
    }
    checkName(checking, old.name, columns);
    renamed.set(old.name.name, name);
  }
  if (!mayGoThrough(checking, columns)) return { columns: undefined };
  const result = new Map<string, FlowColumn>();
  for (const [name, column] of columns) {
    const to = renamed.get(name);
    if (to === undefined) result.set(name, column);
    else result.set(to.name, { type: column.type, unit: to.unit });
  }
  return { columns: result };
}
