/**
 * A type of ARM resource: what a PUT of it must hold and what a GET of it shows. The verbs are
 * the same for all (`arm-routes.ts`); the types are listed by hand in `resource-types.ts`.
 */
import type { HandlersContext } from '../context.ts';
import type { JsonObject } from '../http/json.ts';
import type { ResourceKind, StoredResource } from '../store/store.ts';
import type { ResourcePath } from './resource-path.ts';

/** A checked PUT, before the store gives it its history. */
export interface ResourceDraft {
  readonly body: JsonObject;
  readonly immutableId: string;
  readonly target?: string;
}

export interface PutRequest {
  readonly path: ResourcePath & { readonly name: string };
  /** The body as it was sent: diagnostics point into it. */
  readonly text: string;
  readonly body: JsonObject;
  readonly existing: StoredResource | undefined;
}

export interface ResourceType {
  readonly kind: ResourceKind;
  /** Does this type own the path? Types are compared ignoring letter case. */
  owns(type: string): boolean;
  /** Throws an `ArmError` when the resource is refused. */
  check(request: PutRequest, context: HandlersContext): Promise<ResourceDraft>;
  /** What the server adds to the stored `properties`. */
  properties(resource: StoredResource, body: JsonObject, context: HandlersContext): JsonObject;
  /** Refuses or prepares a deletion. */
  beforeDelete?(
    resource: StoredResource,
    context: HandlersContext,
    options: { readonly deleteAssociations: boolean },
  ): Promise<void>;
  /** What follows a successful PUT. */
  afterPut?(resource: StoredResource, context: HandlersContext): Promise<void>;
}

/** The resource as ARM shows it: what was sent, with the read-only members filled in. */
export function renderResource(
  type: ResourceType,
  resource: StoredResource,
  context: HandlersContext,
): JsonObject {
  const body = JSON.parse(resource.body) as JsonObject;
  return {
    id: resource.id,
    name: resource.name,
    type: typeOfId(resource.id),
    ...body,
    etag: `"${resource.etag}"`,
    systemData: {
      createdAt: new Date(resource.createdAtMs).toISOString(),
      lastModifiedAt: new Date(resource.updatedAtMs).toISOString(),
    },
    properties: type.properties(resource, body, context),
  };
}

/** Members the server gives beside `properties`; what a PUT says of them is not kept. */
const READ_ONLY = ['id', 'name', 'type', 'etag', 'systemdata'];

/** So that what was read can be changed and put back. */
export function withoutReadOnly(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !READ_ONLY.includes(name.toLowerCase())),
  );
}

function typeOfId(id: string): string {
  const parts = id.slice(id.toLowerCase().lastIndexOf('/providers/') + 1).split('/');
  return [parts[1], ...parts.slice(2).filter((_, i) => i % 2 === 0)].join('/');
}
