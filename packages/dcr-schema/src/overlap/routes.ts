/**
 * Where the records of each data source end up: over every data flow that takes one of its
 * streams, to every workspace of that flow, into a table.
 */
import { dataSourcePointers } from '../rule/data-source-pointers.ts';
import type { DataFlow, DataSource, Rule } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { isTransformation } from '../rule/transformation.ts';
import { findStream, tableOfStream } from '../stream/known-streams.ts';
import { type AttachedRule, collects } from './attached-rule.ts';

export interface Route {
  /** The same for routes that lead the same records to the same table of the same workspace. */
  readonly key: string;
  readonly workspaceResourceId: string;
  readonly table: string;
  /** Something on the way may change or drop records. */
  readonly isTransformed: boolean;
}

export interface RoutedSource<S extends DataSource = DataSource> {
  readonly ruleIndex: number;
  readonly source: S;
  /** Of the data source, in its rule. */
  readonly pointer: string;
  /** Each key once. */
  readonly routes: readonly Route[];
}

/** The data sources of rules that collect, in their order. */
export function routedSources(rules: readonly AttachedRule[]): RoutedSource[] {
  return rules.flatMap(({ rule }, ruleIndex) => (collects(rule) ? sourcesOf(rule, ruleIndex) : []));
}

function sourcesOf(rule: Rule, ruleIndex: number): RoutedSource[] {
  const flows = flowsByStream(rule);
  const workspaces = workspacesOf(rule, ruleIndex);
  const pointers = dataSourcePointers(rule);
  return rule.dataSources.map((source, i) => ({
    ...{ ruleIndex, source, pointer: pointers[i]! },
    routes: routesOf(source, flows, workspaces),
  }));
}

interface Workspace {
  readonly key: string;
  readonly resourceId: string;
}

/** By name of their destination. */
function workspacesOf(rule: Rule, ruleIndex: number): ReadonlyMap<string, Workspace> {
  return new Map(
    rule.destinations.flatMap((destination): [string, Workspace][] => {
      if (destination.family !== 'logAnalytics') return [];
      const resourceId = destination.workspaceResourceId.trim();
      if (resourceId === '') return [];
      // What an expression of another rule stands for may be another workspace.
      const scope = isExpression(resourceId) ? `${ruleIndex} ` : '';
      const key = scope + resourceId.replace(/\/$/, '').toLowerCase();
      return [[destination.name.toLowerCase(), { key, resourceId }]];
    }),
  );
}

function flowsByStream({ dataFlows }: Rule): ReadonlyMap<string, readonly DataFlow[]> {
  const byStream = new Map<string, DataFlow[]>();
  for (const flow of dataFlows) {
    for (const stream of new Set(flow.streams.map((s) => s.toLowerCase()))) {
      const flows = byStream.get(stream) ?? [];
      flows.push(flow);
      byStream.set(stream, flows);
    }
  }
  return byStream;
}

function routesOf(
  source: DataSource,
  flows: ReadonlyMap<string, readonly DataFlow[]>,
  workspaces: ReadonlyMap<string, Workspace>,
): Route[] {
  const routes = new Map<string, Route>();
  for (const stream of source.streams) {
    for (const flow of flows.get(stream.toLowerCase()) ?? []) {
      if (isExpression(flow.outputStream ?? stream)) continue;
      const table = tableOfStream(flow.outputStream ?? stream);
      const isTransformed = mayChange(flow) || isTransformation(source.transformKql);
      for (const name of flow.destinations) {
        const workspace = workspaces.get(name.toLowerCase());
        if (workspace === undefined) continue;
        const key = JSON.stringify([workspace.key, table.toLowerCase(), portionOf(stream)]);
        // Where there are several ways, the one that changes nothing counts.
        if (routes.get(key)?.isTransformed === false) continue;
        const { resourceId } = workspace;
        routes.set(key, { key, workspaceResourceId: resourceId, table, isTransformed });
      }
    }
  }
  return [...routes.values()];
}

/** Streams that keep only a part of the messages they could; '' for the others. */
const PORTIONS: readonly string[] = ['SECURITY_CEF_BLOB', 'SECURITY_CISCO_ASA_BLOB'];

/** CEF and Cisco ASA share a table, but no message is both. */
function portionOf(stream: string): string {
  const blobType = findStream(stream)?.blobType ?? '';
  return PORTIONS.includes(blobType) ? blobType : '';
}

function mayChange({ transformKql, transform, builtInTransform }: DataFlow): boolean {
  return (
    isTransformation(transformKql) || transform !== undefined || builtInTransform !== undefined
  );
}
