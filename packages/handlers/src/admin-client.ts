/** The control plane and the admin routes as functions, for commands and tests. */
import type { Json } from '@dcr-agent/schema';
import type { RowPage, TableReport } from './admin/row-query.ts';
import type { ActiveFault, Fault } from './faults.ts';
import type { JsonObject } from './http/json.ts';

/** What the server refused. Network failures are thrown as `fetch` throws them. */
export class AdminError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly { readonly code: string; readonly message: string }[];

  constructor(status: number, body: JsonObject) {
    const error = (body.error ?? {}) as { code?: string; message?: string; details?: [] };
    super(error.message ?? `the server answered ${status}`);
    this.name = 'AdminError';
    this.status = status;
    this.code = error.code ?? '';
    this.details = error.details ?? [];
  }
}

export interface RowsRequest {
  readonly table: string;
  /** Name, ARM id or customer id. Absent: all. */
  readonly workspace?: string;
  readonly limit?: number;
  readonly order?: 'newest' | 'arrival';
  readonly after?: number;
}

/** Every method throws `AdminError` for a refusal. */
export interface AdminClient {
  /** Any ARM resource; `undefined` when there is none. */
  get(id: string): Promise<JsonObject | undefined>;
  /** Creates or replaces; `body` may be the text of a file. */
  put(id: string, body: JsonObject | string): Promise<JsonObject>;
  /** False when there was none. */
  delete(id: string, options?: { readonly deleteAssociations?: boolean }): Promise<boolean>;
  list(collection: string): Promise<readonly JsonObject[]>;
  /** Associates a machine with a rule; both by ARM id. */
  associate(machineId: string, name: string, ruleId: string): Promise<JsonObject>;
  rows(request: RowsRequest): Promise<RowPage>;
  tables(): Promise<readonly TableReport[]>;
  setFault(fault: Fault): Promise<ActiveFault>;
  faults(): Promise<readonly ActiveFault[]>;
  clearFaults(): Promise<void>;
}

const API_VERSION = '2023-03-11';

export function createAdminClient(connection: {
  readonly url: string;
  readonly token: string;
}): AdminClient {
  const base = connection.url.replace(/\/+$/, '');
  // Requests are few: one over a connection that the server closes meanwhile would fail.
  const headers = { authorization: `Bearer ${connection.token}`, connection: 'close' };

  async function call(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<{ status: number; body: JsonObject }> {
    const url = `${base}${encodeURI(path)}?${new URLSearchParams(query)}`;
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = readAnswer(await response.text());
    if (!response.ok) throw new AdminError(response.status, answer);
    return { status: response.status, body: answer };
  }

  const arm = { 'api-version': API_VERSION };
  const listAt = async <T>(path: string, query = {}): Promise<T> =>
    (await call('GET', path, query)).body.value as T;

  return {
    get: async (id) => {
      try {
        return (await call('GET', id, arm)).body;
      } catch (error) {
        if (error instanceof AdminError && error.status === 404) return undefined;
        throw error;
      }
    },
    put: async (id, body) => (await call('PUT', id, arm, body)).body,
    delete: async (id, options) => {
      const query = { ...arm, deleteAssociations: String(options?.deleteAssociations ?? false) };
      return (await call('DELETE', id, query)).status === 200;
    },
    list: (collection) => listAt(collection, arm),
    associate: async (machineId, name, ruleId) => {
      const path = `${machineId}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${name}`;
      return (await call('PUT', path, arm, { properties: { dataCollectionRuleId: ruleId } })).body;
    },
    rows: async (request) => {
      const query = Object.entries(request).map(([name, value]) => [name, String(value)]);
      return (await call('GET', '/admin/rows', Object.fromEntries(query)))
        .body as unknown as RowPage;
    },
    tables: () => listAt('/admin/tables'),
    setFault: async (fault) =>
      (await call('PUT', '/admin/faults', {}, fault)).body as unknown as ActiveFault,
    faults: () => listAt('/admin/faults'),
    clearFaults: async () => void (await call('DELETE', '/admin/faults', {})),
  };
}

/** An answer that is no JSON object comes from something else at that address. */
function readAnswer(text: string): JsonObject {
  if (text === '') return {};
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
  } catch {
    // Falls through: the status says more than the text.
  }
  return {};
}
