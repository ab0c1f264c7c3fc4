/**
 * Texts. Source: "String functions for ARM templates". `startsWith`, `endsWith` and `indexOf`
 * ignore letter case, `contains`, `replace` and `split` do not.
 */
import { toJson } from '../../../rule/text/json-tree.ts';
import { isNull, itemsOf, measure, type Value } from '../value.ts';
import { formatText } from './format-text.ts';
import {
  type FunctionCall,
  listAt,
  numberAt,
  ofSurface,
  ofWhole,
  scalarAt,
  type TemplateFunction,
  textAt,
  valueAt,
  walk,
} from './function.ts';
import { textOfScalar } from './scalar-text.ts';

function format(call: FunctionCall, args: readonly Value[]): Value {
  if (args.some((a) => a.type !== 'scalar')) {
    return call.unknown('format() of lists and objects is not evaluated');
  }
  const values = args.slice(1).map((_, index) => scalarAt(args, index + 1));
  const lengths = values.map((v) => textOfScalar(v).length);
  const template = textAt(args, 0);
  // Each sign of the format may be a piece of its own.
  if (!call.takeSteps(template.length)) return call.scalar(null);
  const formatted = formatText(template, values);
  if (formatted.kind === 'problem') return call.refuse(formatted.message, 0);
  if (formatted.kind === 'unsupported') return call.unknown(formatted.message);
  const { pieces } = formatted;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return call.tooLong(Math.max(length, ...lengths)) ?? call.text(pieces.join(''));
}

function replace(call: FunctionCall, args: readonly Value[]): Value {
  const [text, from, to] = [textAt(args, 0), textAt(args, 1), textAt(args, 2)];
  if (from === '') return call.refuse('replace() is to replace an empty text', 1);
  if (!call.takeSteps(text.length >> 2)) return call.scalar(null);
  const parts = text.split(from);
  const length = text.length + (parts.length - 1) * (to.length - from.length);
  return call.tooLong(length) ?? call.text(parts.join(to));
}

function padLeft(call: FunctionCall, args: readonly Value[]): Value {
  const text = textOfScalar(scalarAt(args, 0));
  const length = numberAt(args, 1);
  const padding = args.length > 2 ? textAt(args, 2) : ' ';
  if (padding.length !== 1) return call.refuse('padLeft() fills with a single character', 2);
  if (length < 0) return call.refuse('padLeft() is to make a text of less than no characters', 1);
  return call.tooLong(length) ?? call.text(text.padStart(length, padding));
}

function split(call: FunctionCall, args: readonly Value[]): Value {
  const text = textAt(args, 0);
  const by = valueAt(args, 1);
  const delimiters: string[] = [];
  for (const item of by.type === 'list' ? itemsOf(by) : [by]) {
    if (item.type !== 'scalar' || typeof item.value !== 'string') {
      return call.refuse('split() takes a text or a list of texts to split at', 1);
    }
    if (item.value !== '') delimiters.push(item.value);
  }
  if (delimiters.length > 100) return call.unknown('the text is split at more than 100 texts');
  if (!call.takeSteps(text.length * delimiters.length)) return call.scalar(null);
  return call.list(splitAt(text, delimiters).map((part) => call.text(part)));
}

/** Where two delimiters begin at one place, the one named first. */
function splitAt(text: string, delimiters: readonly string[]): readonly string[] {
  const [only, ...others] = delimiters;
  if (only === undefined) return [text];
  if (others.length === 0) return text.split(only);
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const delimiter = delimiters.find((d) => text.startsWith(d, at));
    if (delimiter === undefined) {
      at += 1;
      continue;
    }
    parts.push(text.slice(start, at));
    at += delimiter.length;
    start = at;
  }
  return [...parts, text.slice(start)];
}

function substring(call: FunctionCall, args: readonly Value[]): Value {
  const text = textAt(args, 0);
  const start = args.length > 1 ? numberAt(args, 1) : 0;
  const length = args.length > 2 ? numberAt(args, 2) : text.length - start;
  if (start < 0 || length < 0 || start + length > text.length) {
    const taken = `${length} characters from ${start}`;
    return call.refuse(`substring() takes ${taken} of a text of ${text.length}`);
  }
  return call.text(text.slice(start, start + length));
}

function searched(
  search: (text: string, wanted: string) => boolean | number,
): (call: FunctionCall, args: readonly Value[]) => Value {
  return (call, args) => {
    const [text, wanted] = [textAt(args, 0).toLowerCase(), textAt(args, 1).toLowerCase()];
    return call.scalar(search(text, wanted));
  };
}

function changed(
  change: (text: string) => string,
): (call: FunctionCall, args: readonly Value[]) => Value {
  return (call, args) => call.text(change(textAt(args, 0)));
}

function join(call: FunctionCall, args: readonly Value[]): Value {
  const parts: string[] = [];
  for (const item of walk(call, listAt(args, 0))) {
    if (item.type !== 'scalar') return call.refuse('join() takes a list of texts', 0);
    parts.push(textOfScalar(item.value));
  }
  const delimiter = textAt(args, 1);
  const length = parts.reduce((sum, part) => sum + part.length + delimiter.length, 0);
  return call.tooLong(length) ?? call.text(parts.join(delimiter));
}

/** Objects and lists as JSON without blanks. */
function toText(call: FunctionCall, args: readonly Value[]): Value {
  const value = valueAt(args, 0);
  if (isNull(value)) return call.unknown('string() of null is not evaluated');
  if (value.type === 'scalar') return call.text(textOfScalar(value.value));
  if (!call.takeSteps(measure(value).size)) return value;
  return call.tooLong(measure(value).size * 64) ?? call.text(JSON.stringify(toJson(value)));
}

/** With their signatures. */
export const TEXT_FUNCTIONS: readonly TemplateFunction[] = [
  ofSurface('format', 'text any*', format),
  ofWhole('replace', 'text text text', replace),
  ofWhole('padLeft', 'text|integer integer text?', padLeft),
  ofWhole('split', 'text text|list', split),
  ofWhole('join', 'list text', join),
  ofWhole('substring', 'text integer? integer?', substring),
  ofWhole(
    'startsWith',
    'text text',
    searched((text, wanted) => text.startsWith(wanted)),
  ),
  ofWhole(
    'endsWith',
    'text text',
    searched((text, wanted) => text.endsWith(wanted)),
  ),
  ofWhole(
    'toLower',
    'text',
    changed((text) => text.toLowerCase()),
  ),
  ofWhole(
    'toUpper',
    'text',
    changed((text) => text.toUpperCase()),
  ),
  ofWhole(
    'trim',
    'text',
    changed((text) => text.trim()),
  ),
  ofWhole('string', 'any', toText),
];
