/**
 * ARM resource paths: `/subscriptions/…/providers/<namespace>/<type>/<name>[/<type>/<name>…]`,
 * where an extension resource hangs a second `/providers/…` on the first.
 * Source: Azure Resource Manager, "resource ids"; names and types ignore letter case.
 */
import { ArmError } from '../http/arm-error.ts';

export interface ResourcePath {
  /** `/subscriptions/…`, no slash at the end, letter case as written. */
  readonly id: string;
  /** `Namespace/type[/type]` as written. */
  readonly type: string;
  /** Name of the resource; absent when the path ends in a type: a collection. */
  readonly name?: string;
  /** What stands before the last `/providers/`. */
  readonly scope: string;
}

/** Not allowed in a name: what URLs, ARM or terminals give a meaning to. */
const NAME = /^[^<>%&?#/\\\p{Cc}]{1,260}$/u;

/** Splits and decodes a URL path. Throws `InvalidRequestUri` for what no id may hold. */
export function decodePath(path: string): string[] {
  return path
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(decodeSegment);
}

function decodeSegment(segment: string): string {
  let text: string | undefined;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // Left undefined: a stray per cent sign.
  }
  if (text !== undefined && NAME.test(text)) return text;
  throw new ArmError(
    'InvalidRequestUri',
    `The path segment '${segment.slice(0, 80)}' cannot be part of a resource id.`,
  );
}

/** Reads decoded segments; `undefined` when they are no resource or collection. */
export function toResourcePath(segments: readonly string[]): ResourcePath | undefined {
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, ...rest] = segments.slice(at + 1);
  if (at < 0 || namespace === undefined || rest.length === 0) return undefined;
  const types = rest.filter((_, i) => i % 2 === 0);
  const name = rest.length % 2 === 0 ? rest.at(-1) : undefined;
  return {
    id: joined(segments),
    type: [namespace, ...types].join('/'),
    ...(name !== undefined && { name }),
    scope: joined(segments.slice(0, at)),
  };
}

/** Reads an id given as text, in a body or by a user; `undefined` when it is not one. */
export function parseResourceId(id: string): (ResourcePath & { name: string }) | undefined {
  if (!id.startsWith('/')) return undefined;
  const segments = id.replace(/^\/|\/$/g, '').split('/');
  if (!segments.every((segment) => NAME.test(segment))) return undefined;
  const path = toResourcePath(segments);
  return path?.name === undefined ? undefined : { ...path, name: path.name };
}

/** The parts of an id that tables show in columns of their own. */
export interface ResourceParts {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly provider: string;
  /** Last type of the id, such as `virtualMachines`. */
  readonly type: string;
  readonly name: string;
}

export function resourceParts(id: string): ResourceParts {
  const path = parseResourceId(id);
  const [namespace = '', ...types] = path?.type.split('/') ?? [];
  return {
    subscriptionId: /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '',
    resourceGroup: /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '',
    provider: namespace,
    type: types.at(-1) ?? '',
    name: path?.name ?? '',
  };
}

export function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function joined(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join('');
}
