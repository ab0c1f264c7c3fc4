/** Where the rows of a stream end by a rule: tables of workspaces, and the columns they take. */
import {
  channelProtocol,
  type DataFlow,
  findStream,
  findTable,
  type Rule,
  tableOfStream,
} from '@dcr-agent/schema';

export interface StreamDelivery {
  /** What carries the rows to the service. */
  readonly protocol: 'ods' | 'gig';
  /** ARM id, as the rule spells it. */
  readonly workspace: string;
  readonly table: string;
  /** Names of columns that rows can fill; absent: not known, all of them. */
  readonly columns: ReadonlySet<string> | undefined;
  /** The service changes the rows once more, which a replay does not. */
  readonly isTransformed: boolean;
}

/** One per protocol, workspace and table, in the order of the rule's data flows. */
export function streamDeliveries(rule: Rule, stream: string): readonly StreamDelivery[] {
  const deliveries = new Map<string, StreamDelivery>();
  for (const flow of rule.dataFlows) {
    if (!flow.streams.some((each) => isSame(each, stream))) continue;
    const protocol = channelProtocol(stream, flow);
    const table = tableOfStream(flow.outputStream ?? stream);
    const columns = columnsOf(rule, stream, table);
    for (const workspace of workspacesOf(rule, flow)) {
      const key = JSON.stringify([protocol, workspace.toLowerCase(), table]);
      const isTransformed = hasTransform(flow);
      const known = deliveries.get(key);
      if (known !== undefined && (known.isTransformed || !isTransformed)) continue;
      deliveries.set(key, { protocol, workspace, table, columns, isTransformed });
    }
  }
  return [...deliveries.values()];
}

function workspacesOf(rule: Rule, { destinations }: DataFlow): string[] {
  return destinations.flatMap((name) => {
    const destination = rule.destinations.find((each) => each.name === name);
    return destination?.family === 'logAnalytics' ? [destination.workspaceResourceId] : [];
  });
}

function hasTransform({ transformKql, transform, builtInTransform }: DataFlow): boolean {
  const isKql = transformKql !== undefined && transformKql.trim() !== 'source';
  return isKql || transform !== undefined || builtInTransform !== undefined;
}

/** Of a standard table only its own columns, and its custom ones (`_CF`), can be filled. */
function columnsOf(rule: Rule, stream: string, table: string): ReadonlySet<string> | undefined {
  const declared = rule.streamDeclarations.find((each) => isSame(each.stream, stream));
  const incoming =
    declared === undefined
      ? findTable(tableOfStream(findStream(stream)?.stream ?? stream))?.columns.keys()
      : declared.columns.map(({ name }) => name);
  if (incoming === undefined) return undefined;
  const standard = findTable(table)?.columns;
  const isStored = (name: string): boolean =>
    standard === undefined || standard.has(name) || name.endsWith('_CF');
  return new Set([...incoming].filter(isStored));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
