/** Texts in other codings: base64, data URIs, URIs, JSON. Source: "String functions". */
import type { Json } from '../../../rule/rule.ts';
import { jsonNode } from '../json-node.ts';
import type { Value } from '../value.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type FunctionCall, ofWhole, type TemplateFunction, textAt } from './function.ts';

function encoded(encode: (text: string) => string | undefined, what: string) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const text = textAt(args, 0);
    // The bytes of a text take several times its place.
    if (!call.takeSteps(text.length * 4)) return call.scalar(null);
    const made = call.tooLong(text.length * 3) ?? encode(text);
    if (made === undefined) return call.refuse(`the text is not ${what}`, 0);
    return typeof made === 'string' ? call.text(made) : made;
  };
}

function dataUri(text: string): string {
  return `data:text/plain;charset=utf8;base64,${toBase64(text)}`;
}

function fromDataUri(uri: string): string | undefined {
  const { coding = '', content } =
    /^data:(?<coding>[^,]*),(?<content>.*)$/is.exec(uri)?.groups ?? {};
  if (content === undefined) return undefined;
  return /;base64$/i.test(coding) ? fromBase64(content) : unescapeUri(content);
}

/** All but letters, digits and `-_.~`, as .NET's Uri.EscapeDataString. */
function escapeUri(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed());
  return escaped.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescapeUri(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The second takes the place of what follows the last slash of the first. */
function combineUri(call: FunctionCall, args: readonly Value[]): Value {
  const [base, relative] = [textAt(args, 0), textAt(args, 1)];
  const parts = /^(?<host>[a-z][a-z0-9+.-]*:\/\/[^/?#]+)(?<path>\/[^?#]*)?$/i.exec(base)?.groups;
  const isPlain = /^(?!\/\/)[^:?#\\\s]*$/.test(relative) && !/(^|\/)\.\.?(\/|$)/.test(relative);
  if (parts === undefined || !isPlain) return call.unknown('uri() of such a text is not evaluated');
  const { host = '', path = '/' } = parts;
  if (relative.startsWith('/')) return call.text(host + relative);
  return call.text(host + path.slice(0, path.lastIndexOf('/') + 1) + relative);
}

function parseJson(call: FunctionCall, args: readonly Value[]): Value {
  return toValue(call, textAt(args, 0));
}

function parseBase64Json(call: FunctionCall, args: readonly Value[]): Value {
  const text = fromBase64(textAt(args, 0));
  return text === undefined ? call.refuse('the text is not base64', 0) : toValue(call, text);
}

/** What is only JSON to a lenient reader, with single quotes or bare names, is not known. */
function toValue(call: FunctionCall, text: string): Value {
  if (!call.takeSteps(text.length)) return call.scalar(null);
  let parsed: Json;
  try {
    parsed = JSON.parse(text);
  } catch {
    const mayBeLenient =
      /^\s*[{[].*[}\]]\s*$/s.test(text) && /'|[{,]\s*\w|,\s*[}\]]|\/[/*]/.test(text);
    if (mayBeLenient)
      return call.unknown('json() of a text that is not strictly JSON is not evaluated');
    return call.refuse('the text is not JSON', 0);
  }
  const { pointer = '', offset } = call.text('');
  const node = jsonNode(parsed, { pointer, offset });
  if (node === undefined) return call.refuse('the JSON is nested too deeply', 0);
  return node;
}

/** With their signatures. */
export const TEXT_CODE_FUNCTIONS: readonly TemplateFunction[] = [
  ofWhole('base64', 'text', encoded(toBase64, 'text')),
  ofWhole('base64ToString', 'text', encoded(fromBase64, 'base64')),
  ofWhole('base64ToJson', 'text', parseBase64Json),
  ofWhole('dataUri', 'text', encoded(dataUri, 'text')),
  ofWhole('dataUriToString', 'text', encoded(fromDataUri, 'a data URI')),
  ofWhole('uriComponent', 'text', encoded(escapeUri, 'text')),
  ofWhole('uriComponentToString', 'text', encoded(unescapeUri, 'part of a URI')),
  ofWhole('uri', 'text text', combineUri),
  ofWhole('json', 'text', parseJson),
];
