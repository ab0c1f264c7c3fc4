/** PlannedSource → Pipeline: the stage of its kind for every flow. */
import type { LogFilesFlow, Plan, PlannedFlow, PlannedSource, Protocol } from '@dcr-agent/schema';
import type { LineRecord } from '../record.ts';
import { heartbeatStage, type MachineFacts } from './heartbeat-stage.ts';
import { jsonLineStage } from './json-lines/json-line-stage.ts';
import { type MachineDimensions, metricStage } from './metrics/metric-stage.ts';
import { operationStage } from './operation-stage.ts';
import { counterStage } from './performance-counters/counter-stage.ts';
import { type CompiledFlow, createPipeline, groupAlike, type Pipeline } from './pipeline.ts';
import type { RecordStage } from './record-stage.ts';
import { syslogKernelStage } from './syslog/kernel-stage.ts';
import { securityLogKind, securityLogStage } from './syslog/security-log-stage.ts';
import { syslogStage } from './syslog/syslog-stage.ts';
import { textLineKernelStage } from './text-lines/kernel-stage.ts';
import { textLineStage } from './text-lines/text-line-stage.ts';
import { firewallShape } from './w3c/firewall-shape.ts';
import { iisShape } from './w3c/iis-shape.ts';
import { w3cStage } from './w3c/w3c-stage.ts';
import { windowsEventStage } from './windows-event/windows-event-stage.ts';

export interface CompileContext {
  readonly machine: MachineFacts;
  readonly machineDimensions: MachineDimensions;
  /** `undefined` where it cannot run. */
  kernel(name: 'syslog' | 'lines'): WebAssembly.Module | undefined;
  /** Told of every query that cannot be used, with the flow it belongs to. */
  report(flow: string, query: string, reason: string): void;
}

/** The type of the records is the kind's own; the supervisor pairs source and pipeline by kind. */
export function compilePipeline(
  source: PlannedSource,
  plan: Plan,
  context: CompileContext,
): Pipeline<never> {
  const protocols = new Map(plan.destinations.map(({ id, protocol }) => [id, protocol]));
  const compiled = <R, F extends PlannedFlow>(
    flow: F,
    stage: RecordStage<R>,
  ): CompiledFlow<R, F> => ({
    flow,
    stage,
    destinations: byProtocol(flow.destinations, protocols),
    likeness: likenessOf(flow),
  });
  const { machine } = context;
  switch (source.kind) {
    case 'windowsEventLogs':
      return createPipeline(
        source.flows.map((flow) => {
          const report = (query: string, why: string): void => context.report(flow.id, query, why);
          return compiled(flow, windowsEventStage(flow, machine, report));
        }),
      );
    case 'syslog': {
      const flows = source.flows.map((flow) => {
        const kind = securityLogKind(flow.stream);
        if (kind !== undefined) return compiled(flow, securityLogStage(kind, flow, machine));
        return { ...compiled(flow, syslogStage(flow, machine)), isBulk: true };
      });
      const bulk = groupAlike(flows.filter(({ isBulk }) => isBulk));
      const kernel = bulk.length > 0 ? context.kernel('syslog') : undefined;
      const different = bulk.flatMap(([first]) => first?.flow ?? []);
      return createPipeline(flows, kernel && syslogKernelStage(kernel, different, machine));
    }
    case 'logFiles': {
      const flows = source.flows.map((flow) => ({
        ...compiled(flow, logFileStage(flow, machine)),
        isBulk: flow.format === 'text',
      }));
      const kernel = flows.some(({ isBulk }) => isBulk) ? context.kernel('lines') : undefined;
      return createPipeline(flows, kernel && textLineKernelStage(kernel, machine));
    }
    case 'performanceCounters':
      return createPipeline(
        source.flows.map((flow) => compiled(flow, counterStage(flow.stream, machine))),
      );
    case 'metrics': {
      const stage = metricStage(context.machineDimensions);
      return createPipeline(source.flows.map((flow) => compiled(flow, stage)));
    }
    case 'iisLogs':
      return createPipeline(
        source.flows.map((flow) => compiled(flow, w3cStage(iisShape(machine)))),
      );
    case 'windowsFirewallLogs':
      return createPipeline(
        source.flows.map((flow) => compiled(flow, w3cStage(firewallShape(machine)))),
      );
    case 'heartbeat':
      return createPipeline(source.flows.map((flow) => compiled(flow, heartbeatStage(machine))));
    case 'operation':
      return createPipeline(source.flows.map((flow) => compiled(flow, operationStage(machine))));
  }
}

function logFileStage(flow: LogFilesFlow, machine: MachineFacts): RecordStage<LineRecord> {
  return flow.format === 'json' ? jsonLineStage(flow, machine) : textLineStage(machine);
}

/** All that a stage is made from: who receives the rows, and under which name, is not part of it. */
function likenessOf(flow: PlannedFlow): string {
  const { id, destinations, solution, ...rest } = flow;
  return JSON.stringify(rest);
}

function byProtocol(
  destinations: readonly string[],
  protocols: ReadonlyMap<string, Protocol>,
): ReadonlyMap<Protocol, readonly string[]> {
  const groups = new Map<Protocol, string[]>();
  for (const id of destinations) {
    const protocol = protocols.get(id);
    if (protocol === undefined) continue;
    groups.set(protocol, [...(groups.get(protocol) ?? []), id]);
  }
  return groups;
}
