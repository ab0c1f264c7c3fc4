/**
 * The parts of a rule with the places they stand at, read from a document that may be wrong: what
 * has the wrong type is left out here, being reported already, and the `…Known` claims say where
 * something was left out, so that the checks between the parts do not accuse its neighbours.
 */

import {
  type Item,
  isObject,
  itemsAt,
  objectOf,
  type Read,
  stringOf,
  type Text,
  textAt,
  textsAt,
} from './read-values.ts';
import type { Json } from './rule.ts';
import type { RuleDocument } from './rule-document.ts';
import { isExpression } from './template-expression.ts';
import type { JsonObject } from './text/json-tree.ts';
import { pointerTo } from './text/json-tree.ts';

export interface SourcePart {
  readonly pointer: string;
  /** Member of `dataSources` or `directDataSources`. */
  readonly array: string;
  /** A service endpoint receives it, no agent collects it. */
  readonly isDirect: boolean;
  readonly name: Text | undefined;
  readonly streams: readonly Text[];
  readonly streamsKnown: boolean;
  readonly members: JsonObject;
}

export interface DestinationPart {
  readonly pointer: string;
  /** Member of `destinations`. */
  readonly family: string;
  readonly name: Text | undefined;
  readonly members: JsonObject;
}

export interface FlowPart {
  readonly pointer: string;
  readonly streams: readonly Text[];
  readonly destinations: readonly Text[];
  readonly outputStream: Text | undefined;
  readonly transformKql: Text | undefined;
  readonly members: JsonObject;
}

export interface DeclarationPart {
  readonly pointer: string;
  readonly stream: string;
  readonly columns: readonly { readonly name: Text; readonly type: string | undefined }[];
}

export interface RuleParts {
  /** The resource itself. */
  readonly envelope: JsonObject;
  readonly properties: JsonObject;
  /** Trimmed; absent when empty. */
  readonly kind: string | undefined;
  readonly sources: readonly SourcePart[];
  readonly sourcesKnown: boolean;
  readonly destinations: readonly DestinationPart[];
  readonly destinationsKnown: boolean;
  readonly flows: readonly FlowPart[];
  /** There are flows, and each says whence and whither. */
  readonly flowsKnown: boolean;
  readonly declarations: readonly DeclarationPart[];
  readonly declarationsKnown: boolean;
}

/** Pointer of the members of the rule in the form documents are brought into. */
export const PROPERTIES_POINTER = '/properties';

export function readParts({ value: envelope }: RuleDocument): RuleParts {
  const properties = objectOf(envelope.properties);
  const kind = stringOf(envelope.kind)?.trim();
  const sources = readMembers(properties, 'dataSources', readSources);
  const direct = readMembers(properties, 'directDataSources', readSources);
  const destinations = readMembers(properties, 'destinations', readDestinations);
  const flows = itemsAt(properties.dataFlows, pointerTo(PROPERTIES_POINTER, 'dataFlows'));
  const declarations = readDeclarations(properties);
  return {
    envelope,
    properties,
    kind: kind === '' ? undefined : kind,
    sources: [...sources.parts, ...direct.parts],
    sourcesKnown:
      sources.known &&
      direct.known &&
      [...sources.parts, ...direct.parts].every((s) => s.streamsKnown),
    destinations: destinations.parts,
    destinationsKnown:
      properties.destinations !== undefined &&
      destinations.known &&
      destinations.parts.every((d) => d.name !== undefined && !isExpression(d.name.text)),
    flows: flows.parts.map(({ members, pointer }) => readFlow(members, pointer)),
    flowsKnown:
      flows.known &&
      flows.parts.length > 0 &&
      flows.parts.every(({ members }) => isReadableFlow(members)),
    ...declarations,
  };
}

/** Reads every member of an object such as `dataSources`. */
function readMembers<T>(
  properties: JsonObject,
  name: string,
  read: (member: string, value: Json, pointer: string) => Read<T>,
): Read<T> {
  const value = properties[name];
  if (value === undefined) return { parts: [], known: true };
  if (!isObject(value)) return { parts: [], known: false };
  const all = Object.entries(value).map(([member, below]) =>
    read(member, below, pointerTo(PROPERTIES_POINTER, name, member)),
  );
  return { parts: all.flatMap((r) => r.parts), known: all.every((r) => r.known) };
}

function readSources(array: string, value: Json, pointer: string): Read<SourcePart> {
  const isDirect = pointer.startsWith(pointerTo(PROPERTIES_POINTER, 'directDataSources'));
  if (array === 'dataImports') return readImport(value, pointer);
  const { parts, known } = itemsAt(value, pointer);
  return {
    known,
    parts: parts.map(({ members, pointer: at }) => {
      const streams = textsAt(members.streams, pointerTo(at, 'streams'));
      return {
        pointer: at,
        array,
        isDirect,
        name: textAt(members, 'name', at),
        streams: streams.parts,
        streamsKnown: areKnown(streams),
        members,
      };
    }),
  };
}

/** `dataImports.eventHub` is one object with one stream. */
function readImport(value: Json, pointer: string): Read<SourcePart> {
  const members = isObject(value) ? value.eventHub : undefined;
  if (members === undefined) return { parts: [], known: isObject(value) };
  const at = pointerTo(pointer, 'eventHub');
  if (!isObject(members)) return { parts: [], known: false };
  const stream = textAt(members, 'stream', at);
  const part: SourcePart = {
    pointer: at,
    array: 'dataImports',
    isDirect: false,
    name: textAt(members, 'name', at),
    streams: stream === undefined ? [] : [stream],
    streamsKnown: stream !== undefined && !isExpression(stream.text),
    members,
  };
  return { parts: [part], known: true };
}

function readDestinations(family: string, value: Json, pointer: string): Read<DestinationPart> {
  const isSingle = family === 'azureMonitorMetrics' && isObject(value);
  const { parts, known } = isSingle
    ? { parts: [{ members: value, pointer }], known: true }
    : itemsAt(value, pointer);
  return {
    known,
    parts: parts.map(({ members, pointer: at }) => {
      return { pointer: at, family, name: textAt(members, 'name', at), members };
    }),
  };
}

function readFlow(members: JsonObject, pointer: string): FlowPart {
  return {
    pointer,
    streams: textsAt(members.streams, pointerTo(pointer, 'streams')).parts,
    destinations: textsAt(members.destinations, pointerTo(pointer, 'destinations')).parts,
    outputStream: textAt(members, 'outputStream', pointer),
    transformKql: textAt(members, 'transformKql', pointer),
    members,
  };
}

function isReadableFlow(members: JsonObject): boolean {
  return [members.streams, members.destinations].every((list) => areKnown(textsAt(list, '')));
}

/** There are some, and each is what it will be. */
function areKnown({ parts, known }: Read<Text>): boolean {
  return known && parts.length > 0 && !parts.some((p) => isExpression(p.text));
}

function readDeclarations(properties: JsonObject): {
  declarations: readonly DeclarationPart[];
  declarationsKnown: boolean;
} {
  const value = properties.streamDeclarations;
  const at = pointerTo(PROPERTIES_POINTER, 'streamDeclarations');
  if (!isObject(value)) return { declarations: [], declarationsKnown: value === undefined };
  const declarations = Object.entries(value).map(([stream, declaration]) => {
    const pointer = pointerTo(at, stream);
    const columns = itemsAt(objectOf(declaration).columns, pointerTo(pointer, 'columns'));
    return { pointer, stream, columns: columns.parts.flatMap(readColumn) };
  });
  return { declarations, declarationsKnown: !declarations.some((d) => isExpression(d.stream)) };
}

function readColumn({ members, pointer }: Item): DeclarationPart['columns'] {
  const name = textAt(members, 'name', pointer);
  return name === undefined ? [] : [{ name, type: stringOf(members.type) }];
}
