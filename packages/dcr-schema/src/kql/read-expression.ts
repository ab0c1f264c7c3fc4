/**
 * Reads one expression: value, operator, value, and so on, with a frame for every bracket that is
 * open. It tells what the expression uses, and its type where the text alone makes it certain.
 * What lies in a tabular argument (`toscalar(source | …)`) is passed over.
 */
import type { Expression, Mention, TypeOf } from './expression.ts';
import { bracketed, completeValue, type Frame, openFrame, valueRead } from './expression-frame.ts';
import { missingValue, unconnected } from './expression-mistakes.ts';
import { TRANSFORM_FUNCTIONS } from './known-functions.ts';
import { type OperatorKind, operatorKind } from './known-operators.ts';
import { stringValue } from './kql-literals.ts';
import { endOf, type Token } from './kql-tokens.ts';
import { isSymbol, type Range, type TokenTree } from './token-tree.ts';
import { syntaxMistake, type TransformFinding } from './transform-report.ts';

interface Reading {
  readonly tree: TokenTree;
  readonly range: Range;
  readonly typeOf: TypeOf;
  readonly frames: Frame[];
  readonly names: Mention[];
  readonly calls: Mention[];
  readonly unlisted: Mention[];
  readonly dynamicUnits: number[];
}

/** The index to read on at, or why that is not possible. */
type Step = number | TransformFinding;

/** Reads a range whose brackets are paired; an empty one is a mistake. Never recurses. */
export function readExpression(tree: TokenTree, range: Range, typeOf: TypeOf): Expression {
  const lists = { names: [], calls: [], unlisted: [], dynamicUnits: [] };
  const whole = openFrame('whole', '', range.end);
  const reading: Reading = { tree, range, typeOf, frames: [whole], ...lists };
  let at = range.start;
  let mistake: TransformFinding | undefined;
  while (at < range.end && mistake === undefined) {
    const frame = reading.frames.at(-1) ?? whole;
    const step =
      frame.value === undefined ? readValue(reading, frame, at) : readOn(reading, frame, at);
    if (typeof step === 'number') at = step;
    else mistake = step;
  }
  if (mistake === undefined && whole.value === undefined) mistake = noValue(reading, range.end);
  completeValue(whole);
  const [type] = whole.types;
  const { firstLabel: label } = whole;
  return { ...lists, type: mistake === undefined ? type : undefined, label, mistake };
}

/** A value is expected at this index. */
function readValue(reading: Reading, frame: Frame, at: number): Step {
  const { tokens } = reading.tree;
  const token = tokens[at];
  if (token === undefined) return noValue(reading, at);
  if (at === frame.close) {
    const isCallOfNothing = frame.kind === 'call' && isSymbol(reading.tree, at - 1, '(');
    return isCallOfNothing ? closeFrame(reading, frame) : noValue(reading, at);
  }
  if (token.kind === 'name') return readName(reading, frame, token, at);
  if (token.kind === 'literal') return valueRead(frame, { type: token.type }, at + 1);
  if (token.kind === 'string') {
    let end = at + 1;
    while (end < frame.close && tokens[end]?.kind === 'string') end += 1;
    return valueRead(frame, { type: 'string' }, end);
  }
  return readSymbolValue(reading, frame, token, at);
}

function readSymbolValue(reading: Reading, frame: Frame, token: Token, at: number): Step {
  const { tree } = reading;
  const partner = tree.partners.get(at) ?? at;
  if (token.text === '(') {
    if (tree.piped.has(at)) return valueRead(frame, {}, partner + 1);
    reading.frames.push(openFrame('group', '', partner));
    return at + 1;
  }
  if (token.text === '[') {
    const name = tree.tokens[at + 1];
    if (name?.kind === 'string' && partner === at + 2) {
      return mention(
        reading,
        frame,
        { name: stringValue(name.text), unit: token.unit },
        partner + 1,
      );
    }
    const hint = "a name that needs quotes is written ['name']; write lists with parentheses";
    return syntaxMistake(token.unit, 'a bracket stands where a value is expected', hint);
  }
  if (token.text === '-' || token.text === '+') return at + 1;
  if (token.text === '*' && isStarPlace(reading, frame, at)) return valueRead(frame, {}, at + 1);
  return noValue(reading, at);
}

/** `count(*)` and `* has 'text'` mean every column. */
function isStarPlace({ tree }: Reading, frame: Frame, at: number): boolean {
  const isArgument =
    frame.kind === 'call' && (isSymbol(tree, at - 1, '(') || isSymbol(tree, at - 1, ','));
  if (isArgument && (at + 1 === frame.close || isSymbol(tree, at + 1, ','))) return true;
  const kind = operatorKind(tree.tokens[at + 1]?.text ?? '');
  return kind === 'comparison' || kind === 'unlisted';
}

function readName(reading: Reading, frame: Frame, token: Token, at: number): Step {
  const { tree } = reading;
  const { text: name, unit } = token;
  // Functions of users may be called with the names of their parameters.
  const isNamed = frame.kind === 'call' && !TRANSFORM_FUNCTIONS.has(frame.callee);
  if (isNamed && isSymbol(tree, at + 1, '=')) return at + 2;
  if (operatorKind(name) !== undefined) return noValue(reading, at);
  if (!isSymbol(tree, at + 1, '(')) return mention(reading, frame, { name, unit }, at + 1);
  const partner = tree.partners.get(at + 1) ?? at;
  if (name === 'dynamic') {
    reading.dynamicUnits.push(unit);
    return valueRead(frame, { type: 'dynamic' }, partner + 1);
  }
  if (name === 'datatable' || name === 'externaldata') {
    const rows = isSymbol(tree, partner + 1, '[') ? tree.partners.get(partner + 1) : undefined;
    return valueRead(frame, {}, (rows ?? partner) + 1);
  }
  reading.calls.push({ name, unit });
  if (tree.piped.has(at + 1)) return valueRead(frame, {}, partner + 1);
  reading.frames.push(openFrame('call', name, partner));
  return at + 2;
}

/** A value has been read; at this index something goes on with it, or ends it. */
function readOn(reading: Reading, frame: Frame, at: number): Step {
  const { tree } = reading;
  const token = tree.tokens[at];
  if (token === undefined) return noValue(reading, at);
  if (at === frame.close) return closeFrame(reading, frame);
  if (token.kind === 'symbol') {
    if (token.text === '[') {
      reading.frames.push(openFrame('index', '', tree.partners.get(at) ?? at));
      return at + 1;
    }
    if (token.text === '.') return readMember(reading, frame, token, at);
    const isList = frame.kind === 'call' || frame.kind === 'list';
    if (isList && (token.text === ',' || token.text === '..')) {
      completeValue(frame);
      return at + 1;
    }
  }
  const kind =
    token.kind === 'string' || token.kind === 'literal' ? undefined : operatorKind(token.text);
  if (kind !== undefined) return readOperator(reading, frame, token, kind, at);
  return unconnected(at > reading.range.start ? tree.tokens[at - 1] : undefined, token);
}

/** A member of a dynamic value: `value.name`, or `value.['name']`. */
function readMember({ tree }: Reading, frame: Frame, dot: Token, at: number): Step {
  if (isSymbol(tree, at + 1, '[')) return at + 1;
  const member = tree.tokens[at + 1];
  // A word such as `true` or `3d` is a literal elsewhere, behind a dot it is a name.
  const isName =
    member !== undefined && member.kind !== 'string' && /^[\p{L}\p{N}_$]+$/u.test(member.text);
  if (isName) return valueRead(frame, { type: 'dynamic' }, at + 2);
  return syntaxMistake(dot.unit, 'a dot is followed by no name', "write ['name'] for odd names");
}

function readOperator(
  reading: Reading,
  frame: Frame,
  token: Token,
  kind: OperatorKind,
  at: number,
): Step {
  const { tree } = reading;
  if (kind === 'unlisted') reading.unlisted.push({ name: token.text, unit: token.unit });
  if (kind !== 'arithmetic') frame.combined = 'condition';
  else if (frame.combined === 'no') frame.combined = 'arithmetic';
  frame.value = undefined;
  if (token.text === 'matches') {
    if (tree.tokens[at + 1]?.text === 'regex') return at + 2;
    return syntaxMistake(token.unit, "'matches' stands without 'regex'", 'write matches regex');
  }
  if (!TAKES_LIST.test(token.text) || !isSymbol(tree, at + 1, '(')) return at + 1;
  const partner = tree.partners.get(at + 1) ?? at;
  if (tree.piped.has(at + 1)) return valueRead(frame, {}, partner + 1);
  reading.frames.push(openFrame('list', '', partner));
  return at + 2;
}

const TAKES_LIST = /^!?(?:in~?|has_any|has_all|between)$/;

function closeFrame(reading: Reading, frame: Frame): Step {
  if (frame.value !== undefined) completeValue(frame);
  reading.frames.pop();
  const outer = reading.frames.at(-1);
  if (outer !== undefined) outer.value = bracketed(frame);
  return frame.close + 1;
}

function mention(reading: Reading, frame: Frame, { name, unit }: Mention, next: number): number {
  reading.names.push({ name, unit });
  return valueRead(frame, { type: reading.typeOf(name), label: name }, next);
}

function noValue({ tree, range }: Reading, at: number): TransformFinding {
  const previous = at > range.start ? tree.tokens[at - 1] : undefined;
  const before = tree.tokens[range.start - 1];
  const endUnit = before === undefined ? 0 : endOf(before);
  return missingValue(previous, at < range.end ? tree.tokens[at] : undefined, endUnit);
}
