/**
 * Two versions of rules over the same records, one record after another: which rows appear and
 * which vanish in the tables of workspaces, grouped by what is responsible. Rows are counted as
 * they are delivered, before a transformation of the service: a record of two flows is two rows.
 */
import { clipped } from '../../nearest-miss/clipped.ts';
import type { RuleFlow } from '../rule-plan.ts';

/** Groups and notes that are told apart; rules of a person make a few. */
const CHANGES_MAX = 1_000;
/** Of a transformation: where two begin alike, the difference is to be seen. */
const TEXT_MAX = 2_000;
/** The group of what is beyond. */
const FURTHER = 'further conditions';

/** A table of a workspace that records of a kind of data source go to. */
export interface ComparedTable {
  readonly kind: string;
  readonly table: string;
  readonly workspace: string;
  /** Rows that the old rules make, and the new ones. */
  old: number;
  new: number;
  appear: number;
  vanish: number;
}

export interface Change {
  /** `differs`: both make the row, and the service transforms it in another way. */
  readonly change: OneSided | 'differs';
  readonly kind: string;
  readonly table: string;
  readonly workspace: string;
  /** Of the version that keeps the record: what selects it. Of `differs`: what is done now. */
  readonly selectedBy: string;
  /** Of the other version: why it does not. Of `differs`: what was done before. */
  readonly otherwise: string;
  /** Rows. */
  count: number;
  readonly examples: string[];
}

export type OneSided = 'appears' | 'vanishes';

/** What is to be known of a record that only one version keeps; asked for those only. */
export interface ChangedRecord {
  /** What selects the record in the flow that keeps it. */
  selectedBy(flow: RuleFlow): string;
  /** Why the other version does not keep it; that it keeps it elsewhere is known already. */
  otherwise(flow: RuleFlow, change: OneSided): string;
  /** One line that tells which record it is. */
  example(): string;
}

export class Comparison {
  readonly #examplesMax: number;
  readonly #tables = new Map<string, ComparedTable>();
  readonly #changes = new Map<string, Change>();
  readonly #notes = new Set<string>();

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

  /** In the order in which they were noted. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** What the counts do not show. */
  note(line: string): void {
    if (this.#notes.size < CHANGES_MAX) this.#notes.add(line);
  }

  /** Flows of the old rules and of the new ones that keep the record. */
  add(old: readonly RuleFlow[], now: readonly RuleFlow[], record: ChangedRecord): void {
    const before = placesOf(old);
    const after = placesOf(now);
    for (const [key, place] of before) {
      const table = this.#table(key, place);
      table.old += place.flows.length;
      table.vanish += this.#beyond(
        'vanishes',
        place,
        { other: after.get(key), others: after },
        record,
      );
    }
    for (const [key, place] of after) {
      const table = this.#table(key, place);
      const other = before.get(key);
      table.new += place.flows.length;
      table.appear += this.#beyond('appears', place, { other, others: before }, record);
      if (other !== undefined) this.#compareTransformations(other, place, record);
    }
  }

  /** Rows that the other version does not make. */
  #beyond(
    change: OneSided,
    place: Place,
    { other, others }: OtherVersion,
    record: ChangedRecord,
  ): number {
    const [first] = place.flows;
    const rows = place.flows.length;
    if (first === undefined) return 0;
    if (other === undefined) {
      const elsewhere = [...others.values()].filter((each) => isSameFlow(each, first));
      const isElsewhere = elsewhere.length > 0;
      const selectedBy = isElsewhere ? flowText(first) : record.selectedBy(first);
      const otherwise = isElsewhere
        ? elsewhereText(elsewhere, place)
        : record.otherwise(first, change);
      this.#change({ ...placeOf(place), change, selectedBy, otherwise }, rows, record);
      return rows;
    }
    const more = rows - other.flows.length;
    if (more <= 0) return 0;
    const names = new Set(other.flows.map(({ dataSource }) => dataSource.name));
    const added = place.flows.findLast(({ dataSource }) => !names.has(dataSource.name)) ?? first;
    const selectedBy = record.selectedBy(added);
    const otherwise = `a record makes ${rowsText(other.flows.length)} here, not ${rows}`;
    this.#change({ ...placeOf(place), change, selectedBy, otherwise }, more, record);
    return more;
  }

  #compareTransformations(old: Place, now: Place, record: ChangedRecord): void {
    const [before, after] = [transformationsOf(old), transformationsOf(now)];
    if (before.join('\n') === after.join('\n')) return;
    const texts = { selectedBy: transformationText(after), otherwise: transformationText(before) };
    this.#change({ ...placeOf(now), change: 'differs', ...texts }, now.flows.length, record);
  }

  #table(key: string, place: Place): ComparedTable {
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const added = { ...placeOf(place), old: 0, new: 0, appear: 0, vanish: 0 };
    this.#tables.set(key, added);
    return added;
  }

  #change(own: Group, rows: number, record: ChangedRecord): void {
    const { change, kind, table, workspace } = own;
    const key = keyOf(own);
    const isRoom = this.#changes.has(key) || this.#changes.size < CHANGES_MAX;
    const further = { change, kind, table, workspace, selectedBy: FURTHER, otherwise: '' };
    const group = isRoom ? own : further;
    const groupKey = isRoom ? key : keyOf(group);
    const known = this.#changes.get(groupKey) ?? { ...group, count: 0, examples: [] };
    this.#changes.set(groupKey, known);
    known.count += rows;
    if (known.examples.length < this.#examplesMax) known.examples.push(record.example());
  }
}

interface Place {
  readonly kind: string;
  readonly table: string;
  readonly workspace: string;
  /** One for each row that the record becomes. */
  readonly flows: RuleFlow[];
  readonly transformations: string[];
}

interface OtherVersion {
  /** The same place. */
  readonly other: Place | undefined;
  readonly others: ReadonlyMap<string, Place>;
}

/** Where records end that some flows keep. */
function placesOf(flows: readonly RuleFlow[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const flow of flows) {
    const { kind } = flow.dataSource;
    for (const { table, workspace, transformation = '' } of flow.deliveries) {
      const key = JSON.stringify([kind, table, workspace.toLowerCase()]);
      const place = places.get(key) ?? { kind, table, workspace, flows: [], transformations: [] };
      places.set(key, place);
      place.flows.push(flow);
      place.transformations.push(transformation);
    }
  }
  return places;
}

function placeOf({ kind, table, workspace }: Place): Pick<Place, 'kind' | 'table' | 'workspace'> {
  return { kind, table, workspace };
}

function keyOf({ change, kind, table, workspace, selectedBy, otherwise }: Group): string {
  return JSON.stringify([change, kind, table, workspace.toLowerCase(), selectedBy, otherwise]);
}

type Group = Omit<Change, 'count' | 'examples'>;

function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

/** Each once: how many rows there are is told by their count. */
function transformationsOf({ transformations }: Place): string[] {
  return [...new Set(transformations)].sort();
}

function transformationText(transformations: readonly string[]): string {
  const texts = transformations.map((text) => {
    return text === '' ? 'no transformation' : `transformation: ${clipped(text, TEXT_MAX)}`;
  });
  return texts.join('; ');
}

function flowText({ dataSource, stream }: RuleFlow): string {
  return `data flow of ${stream} from '${dataSource.name}'`;
}

/** The data source may have another name in the other version, or be split. */
function isSameFlow({ flows }: Place, flow: RuleFlow): boolean {
  const { stream, dataSource } = flow;
  return flows.some((each) => each.stream === stream || each.dataSource.name === dataSource.name);
}

/** Workspaces by their names; one that has the name of the place it is not, by its id. */
function elsewhereText(places: readonly Place[], here: Place): string {
  const texts = places.map(({ table, workspace }) => {
    const name = nameOf(workspace);
    const isOther = workspace.toLowerCase() !== here.workspace.toLowerCase();
    return `${table} in ${isOther && name === nameOf(here.workspace) ? workspace : name}`;
  });
  return `kept, and sent to ${texts.sort().join(', ')}`;
}

function nameOf(workspace: string): string {
  return workspace.split('/').at(-1) ?? workspace;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
