/** Where rows of a stream go by a rule's data flows: tables, their columns, workspaces. */
import {
  type ColumnType,
  channelProtocol,
  type DataFlow,
  findBlobType,
  findStream,
  findTable,
  type Rule,
  tableOfStream,
} from '@dcr-agent/schema';
import { ArmError } from '../http/arm-error.ts';

type Columns = ReadonlyMap<string, ColumnType>;

export interface StreamRoute {
  /** Present for a stream of the service's own. */
  readonly blobType?: string;
  /** One per workspace and table, each once. */
  readonly outputs: readonly StreamOutput[];
}

interface StreamOutput {
  readonly workspaceResourceId: string;
  readonly table: string;
  /** The same object for every output with the same columns. */
  readonly columns: Columns;
}

/**
 * Over every flow that names the stream, or only those that take the rule's own channel. Throws
 * `InvalidStream`.
 */
export function routeStream(
  rule: Rule,
  name: string,
  options: { readonly channelOnly: boolean },
): StreamRoute {
  const stream = streamNamed(rule, name);
  const naming = rule.dataFlows.filter((flow) => flow.streams.some((s) => isSame(s, stream)));
  const flows = options.channelOnly
    ? naming.filter((flow) => channelProtocol(stream, flow) === 'gig')
    : naming;
  if (flows.length === 0) throw unknownStream(rule, name, naming.length > 0);
  const columns = incomingColumns(rule, stream);
  if (columns === undefined) throw noColumns(name);
  const blobType = findStream(stream)?.blobType;
  return {
    ...(blobType !== undefined && { blobType }),
    outputs: outputsOf(rule, stream, flows, columns),
  };
}

/** The stream as the rule spells it; agents know the service's own by their blob types. */
function streamNamed(rule: Rule, name: string): string {
  const wanted = findBlobType(name)?.stream ?? name;
  const declared = rule.streamDeclarations.map(({ stream }) => stream);
  const named = rule.dataFlows.flatMap(({ streams }) => streams);
  return [...declared, ...named].find((stream) => isSame(stream, wanted)) ?? wanted;
}

function outputsOf(
  rule: Rule,
  stream: string,
  flows: readonly DataFlow[],
  incoming: Columns,
): StreamOutput[] {
  const columnsByTable = new Map<string, Columns>();
  const outputs = new Map<string, StreamOutput>();
  for (const flow of flows) {
    const table = tableOfStream(flow.outputStream ?? stream);
    const columns = columnsByTable.get(table) ?? outgoingColumns(incoming, table);
    columnsByTable.set(table, columns);
    for (const name of flow.destinations) {
      const destination = rule.destinations.find((candidate) => candidate.name === name);
      if (destination?.family !== 'logAnalytics') continue;
      const { workspaceResourceId } = destination;
      const key = `${workspaceResourceId.toLowerCase()}\n${table}`;
      outputs.set(key, { workspaceResourceId, table, columns });
    }
  }
  return [...outputs.values()];
}

/** What a record may hold: as declared, or the columns of the service's table. */
function incomingColumns(rule: Rule, stream: string): Columns | undefined {
  const declared = rule.streamDeclarations.find((declaration) =>
    isSame(declaration.stream, stream),
  );
  if (declared === undefined) return findTable(tableOfStream(stream))?.columns;
  return new Map(declared.columns.map(({ name, type }) => [name, type]));
}

/** Of a standard table only its own columns, and its custom ones (`_CF`), can be filled. */
function outgoingColumns(incoming: Columns, table: string): Columns {
  const standard = findTable(table)?.columns;
  if (standard === undefined || standard === incoming) return incoming;
  const kept = [...incoming].flatMap(([name, type]): [string, ColumnType][] => {
    const own = standard.get(name) ?? (name.endsWith('_CF') ? type : undefined);
    return own === undefined ? [] : [[name, own]];
  });
  return new Map(kept);
}

function unknownStream(rule: Rule, name: string, hasOtherChannel: boolean): ArmError {
  const streams = new Set(rule.dataFlows.flatMap((flow) => flow.streams));
  const reason = hasOtherChannel
    ? "the rule sends it over the workspace's own channel"
    : `the rule's data flows name ${[...streams].join(', ')}`;
  return new ArmError(
    'InvalidStream',
    `Stream '${name.slice(0, 120)}' cannot be sent here: ${reason}. Nothing was stored.`,
  );
}

function noColumns(name: string): ArmError {
  return new ArmError(
    'InvalidStream',
    `The columns of stream '${name.slice(0, 120)}' are not known here; declare them in streamDeclarations. Nothing was stored.`,
  );
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
