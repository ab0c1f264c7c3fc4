/** Short ways to write the rules of one machine. */
import assert from 'node:assert/strict';
import { parseRule } from '@dcr-agent/schema';
import type { AttachedRule } from '../../../../packages/dcr-schema/src/overlap/attached-rule.ts';
import {
  type FoundOverlaps,
  findOverlaps,
} from '../../../../packages/dcr-schema/src/overlap/find-overlaps.ts';
import type { Overlap } from '../../../../packages/dcr-schema/src/overlap/overlap.ts';

export const NOW = Date.parse('2026-06-01T00:00:00Z');

interface RuleText {
  readonly name?: string;
  readonly id?: string;
  readonly kind?: string;
  /** Names of workspaces; each is a destination of its name. */
  readonly workspaces?: readonly string[];
  readonly dataSources?: Readonly<Record<string, readonly object[]>>;
  /** Declared custom streams. */
  readonly streams?: readonly string[];
  readonly dataFlows: readonly object[];
}

export function attach(source: string, text: RuleText): AttachedRule {
  const { name, id, kind, workspaces = ['law'], dataSources = {}, streams = [], dataFlows } = text;
  const columns = [{ name: 'TimeGenerated', type: 'datetime' }];
  const document = {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    ...(kind !== undefined && { kind }),
    location: 'westeurope',
    properties: {
      streamDeclarations: Object.fromEntries(streams.map((stream) => [stream, { columns }])),
      dataSources,
      destinations: {
        logAnalytics: workspaces.map((each) => ({
          name: each,
          workspaceResourceId: workspaceId(each),
        })),
      },
      dataFlows,
    },
  };
  const { rule, diagnostics } = parseRule(JSON.stringify(document));
  assert.ok(rule, JSON.stringify(diagnostics));
  return { rule, source };
}

export function workspaceId(name: string): string {
  if (name.startsWith('[')) return name;
  return `/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/${name}`;
}

/** A rule with one data source, all of it sent to `law`. */
export function ruleOf(
  source: string,
  array: string,
  stream: string,
  members: object,
  flow: object = {},
): AttachedRule {
  return attach(source, {
    dataSources: { [array]: [{ name: 'own', streams: [stream], ...members }] },
    streams: stream.startsWith('Custom-') ? [stream] : [],
    dataFlows: [{ streams: [stream], destinations: ['law'], ...flow }],
  });
}

export function eventRule(source: string, ...xPathQueries: readonly string[]): AttachedRule {
  return ruleOf(source, 'windowsEventLogs', 'Microsoft-Event', { xPathQueries });
}

export function overlapsOf(...rules: readonly AttachedRule[]): readonly Overlap[] {
  return find(...rules).overlaps;
}

export function find(...rules: readonly AttachedRule[]): FoundOverlaps {
  return findOverlaps(rules, { nowMs: NOW });
}
