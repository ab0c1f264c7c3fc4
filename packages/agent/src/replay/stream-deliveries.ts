/** Where the rows of a stream end by a rule: tables of workspaces, and the columns they take. */
import {
  channelProtocol,
  type DataFlow,
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
  /** Place in the rule's `dataFlows`, from 0. */
  readonly dataFlow: number;
  /** What the service does to the rows once more, and a replay does not: KQL, or a name. */
  readonly transformation: string | undefined;
}

/**
 * One per data flow, workspace and table, in the order of the rule's data flows. The service passes
 * what it is sent through each data flow; straight to a workspace rows are sent once.
 */
export function streamDeliveries(rule: Rule, stream: string): readonly StreamDelivery[] {
  const deliveries = new Map<string, StreamDelivery>();
  for (const [dataFlow, flow] of rule.dataFlows.entries()) {
    if (!flow.streams.some((each) => isSame(each, stream))) continue;
    const protocol = channelProtocol(stream, flow);
    const table = tableOfStream(flow.outputStream ?? stream);
    const columns = columnsOf(rule, stream, table);
    for (const workspace of workspacesOf(rule, flow)) {
      const place = [workspace.toLowerCase(), table];
      const key = JSON.stringify(protocol === 'ods' ? place : [dataFlow, ...place]);
      if (deliveries.has(key)) continue;
      const transformation = transformationOf(flow);
      deliveries.set(key, { protocol, workspace, table, columns, dataFlow, transformation });
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

/** `undefined` where the rows stay as they are. */
function transformationOf(flow: DataFlow): string | undefined {
  const { transformKql, transform, builtInTransform } = flow;
  const kql = transformKql?.trim();
  const steps = [kql === 'source' ? undefined : kql, transform, builtInTransform];
  const done = steps.filter((step) => step !== undefined);
  return done.length === 0 ? undefined : done.join(', then ');
}

/** Of a standard table only its own columns, and its custom ones (`_CF`), can be filled. */
function columnsOf(rule: Rule, stream: string, table: string): ReadonlySet<string> | undefined {
  const declared = rule.streamDeclarations.find((each) => isSame(each.stream, stream));
  const incoming =
    declared === undefined
      ? findTable(tableOfStream(stream))?.columns.keys()
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
