/**
 * An independent answer to a query: the event's XML as a document, asked by an XPath 1.0 engine.
 * A hundred times slower than the readers of this folder, and written with nothing in common.
 */
import type { EventQuery, StringCase } from '@dcr-agent/schema/event-queries';
import { DOMParser } from '@xmldom/xmldom';
import * as untypedXPath from 'xpath';
import { reasonOf } from '../../errors.ts';
import {
  type ConstantKind,
  inOrder,
  plainBand,
  plainComparison,
  plainNumber,
  plainTimeDifference,
  plainTruth,
} from './plain-rules.ts';
import { xpathText } from './xpath-text.ts';

/** What of the DOM is looked at. */
interface XmlNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly childNodes?: ArrayLike<XmlNode>;
}

interface NodeSet {
  toArray(): readonly XmlNode[];
}

/** What the type declarations of the package leave out. */
const xpath = untypedXPath as unknown as {
  parse(expression: string): {
    evaluateBoolean(options: { node: unknown; functions: Record<string, unknown> }): boolean;
  };
};

const ELEMENT = 1;
const TICKS_PER_MS = 10_000n;

/** An event's XML as the engine reads it. */
export interface EventDocument {
  readonly root: unknown;
}

/** The document of an event, or why the engine does not take its XML. */
export function readDocument(xml: string): EventDocument | string {
  try {
    const onError = (level: string, message: string): void => {
      if (level !== 'warning') throw new Error(message);
    };
    return { root: new DOMParser({ onError }).parseFromString(xml, 'text/xml') };
  } catch (error) {
    return reasonOf(error);
  }
}

export interface Oracle {
  /** Whether the query selects an event. */
  selects(event: EventDocument, nowMs: number): boolean;
}

export function createOracle({ expression }: EventQuery, stringCase: StringCase): Oracle {
  const compiled = xpath.parse(`boolean(${xpathText(expression)})`);
  let nowTicks = 0n;
  const untilOf = (text: unknown): string | bigint =>
    String(text) === '' ? nowTicks : String(text);
  const differences = (nodes: NodeSet, until: unknown): bigint[] =>
    valuesOf(nodes)
      .map((value) => plainTimeDifference(value, untilOf(until)))
      .filter((difference) => difference !== null);
  const functions = {
    compare: (_c: unknown, nodes: NodeSet, operator: unknown, text: unknown, kind: unknown) =>
      valuesOf(nodes).some((value) =>
        plainComparison(
          value,
          String(operator),
          String(text),
          String(kind) as ConstantKind,
          stringCase,
        ),
      ),
    'compare-timediff': (
      _c: unknown,
      nodes: NodeSet,
      until: unknown,
      operator: unknown,
      text: unknown,
    ) => differences(nodes, until).some((ms) => isResult(ms, String(operator), String(text))),
    'compare-result': (_c: unknown, result: unknown, operator: unknown, text: unknown) =>
      isResultOf(plainResult(result), String(operator), String(text)),
    truth: (_c: unknown, result: unknown) => Number(plainResult(result)) !== 0,
    band: (_c: unknown, nodes: NodeSet, mask: unknown) =>
      valuesOf(nodes).some((value) => plainBand(value, String(mask))),
    timediff: (_c: unknown, nodes: NodeSet, until: unknown) =>
      differences(nodes, until).some((ms) => ms !== 0n),
    'is-attribute': (context: { contextNode: XmlNode }) => isAttribute(context.contextNode),
  };
  return {
    selects({ root }, nowMs) {
      nowTicks = BigInt(Math.floor(nowMs)) * TICKS_PER_MS;
      return compiled.evaluateBoolean({ node: root, functions });
    },
  };
}

/** `position()` is a number, `band()` a boolean. */
function plainResult(result: unknown): number | boolean {
  const plain = typeof result === 'object' && result !== null ? result.valueOf() : result;
  const text = String(plain);
  return text === 'true' || text === 'false' ? text === 'true' : Number(text);
}

function isResultOf(result: number | boolean, operator: string, text: string): boolean {
  if (typeof result === 'number') return isResult(result, operator, text);
  if (operator === '=') return result === plainTruth(text);
  if (operator === '!=') return result !== plainTruth(text);
  return isResult(Number(result), operator, text);
}

function isResult(result: number | bigint, operator: string, text: string): boolean {
  const constant = plainNumber(text);
  return constant === null ? operator === '!=' : inOrder(result, constant, operator);
}

function isAttribute({ nodeName, nodeValue }: XmlNode): boolean {
  return nodeValue !== '' && nodeName !== 'xmlns' && !nodeName.startsWith('xmlns:');
}

function valuesOf(nodes: NodeSet): string[] {
  return nodes.toArray().map((node) => withoutTerminator(textOf(node)));
}

/** Text beside child elements is layout. */
function textOf(node: XmlNode): string {
  if (node.nodeType !== ELEMENT) return node.nodeValue ?? '';
  const children = Array.from(node.childNodes ?? []);
  const hasElements = children.some(({ nodeType }) => nodeType === ELEMENT);
  const counted = children.filter(({ nodeType }) => !hasElements || nodeType === ELEMENT);
  return counted.map(textOf).join('');
}

function withoutTerminator(text: string): string {
  return text.replace(/\0+$/, '');
}
