/**
 * Two versions of rules over the same records, one record after another: which rows appear and
 * which vanish in the tables of workspaces, grouped by what is responsible.
 */
import type { RuleFlow } from '../rule-plan.ts';

/** Groups that are told apart; rules of a person make a few. */
const CHANGES_MAX = 1_000;
/** The group of what is beyond. */
const FURTHER = 'further conditions';

/** A table of a workspace that records of a kind of data source go to. */
export interface ComparedTable {
  readonly kind: string;
  readonly table: string;
  readonly workspace: string;
  /** Records that are kept by the old rules, and by the new ones. */
  old: number;
  new: number;
  appear: number;
  vanish: number;
}

export interface Change {
  readonly change: 'appears' | 'vanishes';
  readonly kind: string;
  readonly table: string;
  readonly workspace: string;
  /** Of the version that keeps the record: what selects it. */
  readonly selectedBy: string;
  /** Of the other version: why it does not. */
  readonly otherwise: string;
  count: number;
  readonly examples: string[];
}

/** What is to be known of a record that only one version keeps; asked for those only. */
export interface ChangedRecord {
  /** What selects the record in the flow that keeps it. */
  selectedBy(flow: RuleFlow): string;
  /** Why the other version does not keep it; that it keeps it elsewhere is known already. */
  otherwise(flow: RuleFlow, change: Change['change']): string;
  /** One line that tells which record it is. */
  example(): string;
}

export class Comparison {
  readonly #examplesMax: number;
  readonly #tables = new Map<string, ComparedTable>();
  readonly #changes = new Map<string, Change>();

  constructor(examplesMax: number) {
    this.#examplesMax = examplesMax;
  }

  /** In the order of their names. */
  get tables(): readonly ComparedTable[] {
    return [...this.#tables].sort(byKey).map(([, table]) => table);
  }

  /** What appears first, and of each what is most. */
  get changes(): readonly Change[] {
    return [...this.#changes]
      .sort(byKey)
      .map(([, change]) => change)
      .sort((a, b) => (a.change === b.change ? b.count - a.count : a.change < b.change ? -1 : 1));
  }

  /** Flows of the old rules and of the new ones that keep the record. */
  add(old: readonly RuleFlow[], now: readonly RuleFlow[], record: ChangedRecord): void {
    const before = placesOf(old);
    const after = placesOf(now);
    for (const [key, place] of before) {
      const table = this.#table(key, place);
      table.old += 1;
      if (after.has(key)) continue;
      table.vanish += 1;
      this.#change('vanishes', place, after, record);
    }
    for (const [key, place] of after) {
      const table = this.#table(key, place);
      table.new += 1;
      if (before.has(key)) continue;
      table.appear += 1;
      this.#change('appears', place, before, record);
    }
  }

  #table(key: string, { flow, table, workspace }: Place): ComparedTable {
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const { kind } = flow.dataSource;
    const added = { kind, table, workspace, old: 0, new: 0, appear: 0, vanish: 0 };
    this.#tables.set(key, added);
    return added;
  }

  #change(
    change: Change['change'],
    { flow, table, workspace }: Place,
    others: ReadonlyMap<string, Place>,
    record: ChangedRecord,
  ): void {
    const { kind } = flow.dataSource;
    const elsewhere = [...others.values()].filter((other) => isSameFlow(other.flow, flow));
    const isElsewhere = elsewhere.length > 0;
    const selectedBy = isElsewhere ? flowText(flow) : record.selectedBy(flow);
    const otherwise = isElsewhere ? elsewhereText(elsewhere) : record.otherwise(flow, change);
    const place = { change, kind, table, workspace };
    const own = { ...place, selectedBy, otherwise };
    const key = JSON.stringify(Object.values(own));
    const isRoom = this.#changes.has(key) || this.#changes.size < CHANGES_MAX;
    const group = isRoom ? own : { ...place, selectedBy: FURTHER, otherwise: '' };
    const groupKey = isRoom ? key : JSON.stringify(Object.values(group));
    const known = this.#changes.get(groupKey) ?? { ...group, count: 0, examples: [] };
    this.#changes.set(groupKey, known);
    known.count += 1;
    if (known.examples.length < this.#examplesMax) known.examples.push(record.example());
  }
}

interface Place {
  readonly flow: RuleFlow;
  readonly table: string;
  readonly workspace: string;
}

/** Where records end that some flows keep; of several flows the first is named. */
function placesOf(flows: readonly RuleFlow[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const flow of flows) {
    for (const { table, workspace } of flow.deliveries) {
      const key = JSON.stringify([flow.dataSource.kind, table, workspace.toLowerCase()]);
      if (!places.has(key)) places.set(key, { flow, table, workspace });
    }
  }
  return places;
}

function flowText({ dataSource, stream }: RuleFlow): string {
  return `data flow of ${stream} from '${dataSource.name}'`;
}

/** The data source may have another name in the other version, or be split. */
function isSameFlow(a: RuleFlow, b: RuleFlow): boolean {
  return a.stream === b.stream || a.dataSource.name === b.dataSource.name;
}

function elsewhereText(places: readonly Place[]): string {
  const texts = places.map(({ table, workspace }) => {
    return `${table} in ${workspace.split('/').at(-1)}`;
  });
  return `kept, and sent to ${texts.sort().join(', ')}`;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
