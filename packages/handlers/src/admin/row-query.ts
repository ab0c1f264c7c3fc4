/** Stored rows and tables, as the commands ask for them. */
import type { FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { isSameId } from '../control-plane/resource-path.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import type { JsonObject } from '../http/json.ts';
import { queryParameter } from '../http/query.ts';
import { wholeRow } from '../ingestion/service-columns.ts';
import type { StoredResource, TableSummary } from '../store/store.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 100_000;

export interface RowPage {
  readonly rows: readonly JsonObject[];
  /** With `order=arrival`: feed it back as `after`; absent on the last page. */
  readonly next?: number;
}

export interface TableReport extends Omit<TableSummary, 'lastTimeMs'> {
  /** Name of the workspace, as long as it exists. */
  readonly workspace?: string;
  readonly lastTime: string;
}

/**
 * `GET /admin/rows?table=&workspace=&limit=&order=newest|arrival&after=`. Without a workspace, of
 * all that have the table. Paging by arrival takes one workspace.
 */
export async function readRows(
  request: FastifyRequest,
  context: HandlersContext,
): Promise<RowPage> {
  const table = queryParameter(request, 'table') ?? '';
  const limit = numberOf(request, 'limit', LIMIT_DEFAULT, LIMIT_MAX);
  const after = numberOf(request, 'after', 0, Number.MAX_SAFE_INTEGER);
  const order = orderOf(request);
  const workspaceIds = await workspacesWith(table, queryParameter(request, 'workspace'), context);
  if (order === 'arrival' && workspaceIds.length > 1) {
    throw new ArmError(
      'InvalidParameter',
      `order=arrival reads one workspace, '${table}' is in ${workspaceIds.length}; add workspace=.`,
    );
  }
  const pages = await Promise.all(
    workspaceIds.map((workspaceId) =>
      context.store.readRows({ workspaceId, table, limit, order, after }),
    ),
  );
  const found = pages.flat();
  if (order === 'newest') found.sort((a, b) => b.timeMs - a.timeMs || b.position - a.position);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(wholeRow),
    ...(order === 'arrival' && last && page.length === limit && { next: last.position }),
  };
}

export async function tableSummaries({ store }: HandlersContext): Promise<TableReport[]> {
  const workspaces = await store.listResources({ kind: 'workspace' });
  const names = new Map(workspaces.map(({ immutableId, name }) => [immutableId, name]));
  const reports = (await store.listTables()).map(({ lastTimeMs, ...summary }): TableReport => {
    const workspace = names.get(summary.workspaceId);
    const lastTime = new Date(lastTimeMs).toISOString();
    return { ...summary, lastTime, ...(workspace !== undefined && { workspace }) };
  });
  const place = ({ workspace = '', table }: TableReport) => `${workspace}\n${table}`;
  return reports.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

async function workspacesWith(
  table: string,
  workspace: string | undefined,
  context: HandlersContext,
): Promise<string[]> {
  const tables = await context.store.listTables();
  const wanted = workspace === undefined ? undefined : await findWorkspace(workspace, context);
  if (wanted === undefined && !tables.some((known) => known.table === table)) {
    const names = [...new Set(tables.map((known) => known.table))].join(', ');
    throw notFound(`No workspace has a table '${table}'; there are: ${names || 'none yet'}.`);
  }
  return tables
    .filter(
      (known) =>
        known.table === table && (wanted?.immutableId ?? known.workspaceId) === known.workspaceId,
    )
    .map(({ workspaceId }) => workspaceId);
}

/** By name, ARM id or customer id. */
async function findWorkspace(text: string, { store }: HandlersContext): Promise<StoredResource> {
  const all = await store.listResources({ kind: 'workspace' });
  const found = all.filter(
    ({ id, name, immutableId }) =>
      isSameId(id, text) || immutableId === text.toLowerCase() || isSameId(name, text),
  );
  const [workspace] = found;
  if (workspace === undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw notFound(`There is no workspace '${text}'; there are: ${names || 'none yet'}.`);
  }
  if (found.length === 1) return workspace;
  throw new ArmError(
    'InvalidParameter',
    `${found.length} workspaces are named '${text}'; use one of the ids ${found.map(({ id }) => id).join(', ')}.`,
  );
}

function orderOf(request: FastifyRequest): 'newest' | 'arrival' {
  const order = queryParameter(request, 'order') ?? 'newest';
  if (order === 'newest' || order === 'arrival') return order;
  throw new ArmError('InvalidParameter', "'order' must be newest or arrival.");
}

function numberOf(request: FastifyRequest, name: string, whenAbsent: number, max: number): number {
  const text = queryParameter(request, name);
  if (text === undefined) return whenAbsent;
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= max) return number;
  throw new ArmError('InvalidParameter', `'${name}' must be a whole number up to ${max}.`);
}
