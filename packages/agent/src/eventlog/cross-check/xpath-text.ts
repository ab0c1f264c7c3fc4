/**
 * An event query as an XPath 1.0 expression with functions. Paths, predicates, positions and
 * junctions are XPath's own; what the dialect adds is a call.
 */
import type {
  Comparison,
  Expression,
  FunctionCall,
  Path,
  Predicate,
  Step,
} from '@dcr-agent/schema/event-queries';

export function xpathText(expression: Expression): string {
  switch (expression.kind) {
    case 'or':
    case 'and':
      return junctionText(expression.kind, expression.operands.map(xpathText));
    case 'comparison':
      return comparisonText(expression);
    case 'path':
      return `boolean(${pathText(expression)})`;
    default:
      return `truth(${callText(expression)})`;
  }
}

/** In halves, as the engine recurses once for each operand of a row. */
function junctionText(operator: string, operands: readonly string[]): string {
  const [only = ''] = operands;
  if (operands.length <= 1) return only;
  const middle = operands.length >> 1;
  const left = junctionText(operator, operands.slice(0, middle));
  const right = junctionText(operator, operands.slice(middle));
  return `(${left} ${operator} ${right})`;
}

function comparisonText({ left, operator, right }: Comparison): string {
  const of = `'${operator}',${quoted(right.text)},'${right.kind}'`;
  if (left.kind === 'path') return `compare(${pathText(left)},${of})`;
  if (left.kind === 'timediff') return `compare-timediff(${argumentsText(left)},${of})`;
  return `compare-result(${callText(left)},${of})`;
}

function callText(call: FunctionCall): string {
  switch (call.kind) {
    case 'position':
      return 'position()';
    case 'band':
      return `band(${pathText(call.path)},${quoted(call.mask.text)})`;
    case 'timediff':
      return `timediff(${argumentsText(call)})`;
  }
}

/** The times of the nodes, and the time to measure to; an empty text is now. */
function argumentsText(call: Extract<FunctionCall, { kind: 'timediff' }>): string {
  return `${pathText(call.path)},${quoted(call.until?.text ?? '')}`;
}

function pathText({ steps }: Path): string {
  return steps.map(stepText).join('/');
}

/** Names are local; attributes without text do not exist, and neither do those of namespaces. */
function stepText({ to, name, predicates }: Step): string {
  const inner = predicates.map((predicate) => `[${predicateText(predicate)}]`).join('');
  const named = name === null ? '' : `[local-name()='${name}']`;
  switch (to) {
    case 'element':
      return `*${named}${inner}`;
    case 'attribute':
      return `@*${named}[is-attribute()]${inner}`;
    case 'text':
      return `text()[not(../*)]${inner}`;
  }
}

function predicateText(predicate: Predicate): string {
  if (predicate.kind === 'ordinal') return `position()=${predicate.position}`;
  return xpathText(predicate);
}

/** A constant holds one kind of quotes at most, as the dialect has no way to escape them. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
