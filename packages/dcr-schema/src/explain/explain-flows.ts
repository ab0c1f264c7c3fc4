/** What the data flows of a rule do with a stream: table, transformation, destinations. */
import { RuleChannels } from '../configuration/rule-channels.ts';
import { byLowerCase } from '../rule/letter-case.ts';
import { stringOf } from '../rule/read-values.ts';
import type { Column, DataFlow, Rule, RuleDestination } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { isTransformation } from '../rule/transformation.ts';
import { tableOfStream } from '../stream/known-streams.ts';
import { findTable } from '../stream/tables.ts';
import type {
  DestinationExplanation,
  FlowExplanation,
  StreamExplanation,
  Via,
} from './explanation.ts';
import { oneLine } from './listed.ts';
import { PROBE_RESOLUTION } from './probe-resolution.ts';

const VIA: ReadonlyMap<string, Via> = new Map([
  ['ods', 'ODS'],
  ['gig', 'Logs Ingestion'],
  ['me', 'custom metrics'],
]);

/** The flows of a rule by the streams they take; names ignore letter case. */
export class FlowIndex {
  readonly #rule: Rule;
  readonly #byStream = new Map<string, number[]>();
  readonly #declared: ReadonlyMap<string, string>;
  readonly #columns: ReadonlyMap<string, readonly Column[]>;

  constructor(rule: Rule) {
    this.#rule = rule;
    rule.dataFlows.forEach(({ streams }, flow) => {
      for (const key of new Set(streams.map((stream) => stream.toLowerCase()))) {
        const flows = this.#byStream.get(key);
        if (flows === undefined) this.#byStream.set(key, [flow]);
        else flows.push(flow);
      }
    });
    this.#declared = byLowerCase(rule.streamDeclarations.map(({ stream }) => stream));
    this.#columns = new Map(rule.streamDeclarations.map((each) => [each.stream, each.columns]));
  }

  isTaken(stream: string): boolean {
    return this.#byStream.has(stream.toLowerCase());
  }

  /** `isSent`: by this agent, so that a way to each destination can be told. */
  explain(stream: string, isSent: boolean): StreamExplanation {
    const columns = this.#columnsOf(stream);
    const flows = this.#byStream.get(stream.toLowerCase()) ?? [];
    return {
      stream,
      ...(columns && { columns }),
      flows: flows.flatMap((flow) => {
        const taken = this.#rule.dataFlows[flow];
        return taken === undefined ? [] : [this.#explainFlow(stream, taken, flow, isSent)];
      }),
    };
  }

  #columnsOf(stream: string): readonly Column[] | undefined {
    const declared = this.#columns.get(this.#declared.get(stream.toLowerCase()) ?? '');
    if (declared !== undefined) return declared;
    const table = findTable(tableOfStream(stream));
    return table && [...table.columns].map(([name, type]) => ({ name, type }));
  }

  #explainFlow(stream: string, taken: DataFlow, flow: number, isSent: boolean): FlowExplanation {
    const { transformKql, builtInTransform, transform, outputStream, destinations } = taken;
    const isTransformed = isTransformation(transformKql);
    const known = builtInTransform ?? transform;
    return {
      flow,
      table: tableOfStream(outputStream ?? stream),
      ...(isTransformed && transformKql !== undefined && { transformKql }),
      ...(known !== undefined && { builtInTransform: known }),
      destinations: [...new Set(destinations)].map((name) =>
        this.#explainDestination(stream, { ...taken, destinations: [name] }, name, isSent),
      ),
    };
  }

  /** The channel is chosen where the channels of every rule are. */
  #explainDestination(
    stream: string,
    flow: DataFlow,
    name: string,
    isSent: boolean,
  ): DestinationExplanation {
    const destination = this.#rule.destinations.find((each) => each.name === name);
    if (destination === undefined) return unknownDestination(name);
    const head = { name, target: targetOf(destination) };
    if (!isSent) return head;
    const channels = new RuleChannels(this.#rule, PROBE_RESOLUTION);
    channels.ofStream(stream, [flow]);
    const via = VIA.get(channels.list()[0]?.protocol ?? '');
    if (via === undefined) {
      return { ...head, problem: channels.diagnostics.map(({ message }) => message).join('; ') };
    }
    const { dataCollectionEndpointId } = this.#rule;
    const hasEndpoint = via === 'Logs Ingestion' && dataCollectionEndpointId !== undefined;
    return { ...head, via, ...(hasEndpoint && { endpoint: dataCollectionEndpointId }) };
  }
}

function unknownDestination(name: string): DestinationExplanation {
  const problem = isExpression(name)
    ? 'which destination this is, is not known yet'
    : 'the rule has no destination of this name';
  return { name, target: 'unknown', problem };
}

function targetOf(destination: RuleDestination): string {
  switch (destination.family) {
    case 'logAnalytics':
      return `workspace ${oneLine(destination.workspaceResourceId)}`;
    case 'azureMonitorMetrics':
      return 'metrics of the machine';
    case 'other': {
      const { member, members } = destination;
      const ids = Object.entries(members).flatMap(([name, value]) =>
        /ResourceId$/i.test(name) ? (stringOf(value) ?? []) : [],
      );
      return oneLine([member, ...ids].join(' '));
    }
  }
}
