/**
 * Rows of the WindowsEvent table straight from stored values: the JSON that `windowsEventRow`
 * would become, byte for byte, without a tree, an object or a string for most values. A template
 * is resolved once; what it or an event's values have out of the ordinary is left to that row.
 */
import type { Template } from '../../../eventlog/binxml-template.ts';
import { perTemplate } from '../../../eventlog/per-template.ts';
import type { TemplateInstance } from '../../../eventlog/template-instance.ts';
import { VALUE_TYPE } from '../../../eventlog/value-type.ts';
import type { JsonBytes } from '../../json-bytes.ts';
import { JsonLiteral } from '../../json-literal.ts';
import type { RowContext } from '../../record-stage.ts';
import { compileData, type DataWriter } from './data-member.ts';
import { type ColumnWriter, compileColumn, type SystemColumn } from './system-columns.ts';

/** In the order of the row. */
const columnsOf = ({ computer }: RowContext): SystemColumn[] => [
  { name: 'TimeGenerated', kind: 'time', element: 'TimeCreated', attribute: 'SystemTime' },
  { name: 'Provider', kind: 'text', element: 'Provider', attribute: 'Name' },
  { name: 'Channel', kind: 'text', element: 'Channel' },
  { name: 'Computer', kind: 'text', element: 'Computer', otherwise: computer },
  { name: 'EventID', kind: 'integer', element: 'EventID' },
  { name: 'EventLevel', kind: 'integer', element: 'Level' },
  { name: 'EventLevelName', kind: 'level name', element: 'Level' },
  { name: 'Task', kind: 'integer', element: 'Task' },
  { name: 'Opcode', kind: 'text', element: 'Opcode' },
  { name: 'Keywords', kind: 'text', element: 'Keywords' },
  { name: 'Version', kind: 'integer', element: 'Version' },
  { name: 'EventRecordId', kind: 'text', element: 'EventRecordID' },
  { name: 'Correlation', kind: 'text', element: 'Correlation', attribute: 'ActivityID' },
  { name: 'SystemProcessId', kind: 'integer', element: 'Execution', attribute: 'ProcessID' },
  { name: 'SystemThreadId', kind: 'integer', element: 'Execution', attribute: 'ThreadID' },
  { name: 'SystemUserId', kind: 'text', element: 'Security', attribute: 'UserID' },
];

const OPEN = 0x7b;
const DATA = new JsonLiteral(',"EventData":');
const END = new JsonLiteral(',"SourceSystem":"OpsManager"}');

/** False, having written nothing, for an event whose row has to be made from its tree. */
export type StoredRowWriter = (out: JsonBytes, instance: TemplateInstance) => boolean;

interface RowPlan {
  readonly columns: readonly ColumnWriter[];
  /** Holds the data as a fragment; -1 where there is none. */
  readonly dataSlot: number;
}

/** Of a template whose rows are made from trees. */
const NO_PLAN: RowPlan = { columns: [], dataSlot: -1 };
const noData: DataWriter = () => false;

export function storedWindowsEventRow(context: RowContext): StoredRowWriter {
  const columns = columnsOf(context);
  const planOf = perTemplate((template) => compileRow(columns, template) ?? NO_PLAN);
  const dataOf = perTemplate((template) => compileData(template) ?? noData);
  return (out, instance) => {
    const plan = planOf(instance.template);
    if (plan === NO_PLAN) return false;
    const { dataSlot } = plan;
    const fragment = dataSlot < 0 ? undefined : instance.fragment(dataSlot);
    const hasNone = dataSlot < 0 || instance.type(dataSlot) === VALUE_TYPE.null;
    if (fragment === undefined && !hasNone) return false;
    const start = out.length;
    for (const write of plan.columns) {
      if (write(out, instance)) continue;
      out.truncate(start);
      return false;
    }
    if (fragment !== undefined) {
      out.raw(DATA);
      if (!dataOf(fragment.template)(out, fragment)) {
        out.truncate(start);
        return false;
      }
    }
    out.raw(END);
    // Every member begins with a comma, the first one with the object.
    out.replace(start, OPEN);
    return true;
  };
}

/** An event is its `System` and, mostly, a slot for the data. */
function compileRow(columns: readonly SystemColumn[], { guid, roots }: Template): RowPlan | null {
  const [event, ...others] = roots;
  if (guid === null || event?.kind !== 'element' || others.length > 0) return null;
  const [system, data, ...more] = event.children;
  const isPlain = system?.kind === 'element' && system.name === 'System' && more.length === 0;
  if (!isPlain || system.dependencySlot >= 0) return null;
  if (data !== undefined && data.kind !== 'slot') return null;
  const writers: ColumnWriter[] = [];
  for (const column of columns) {
    const writer = compileColumn(column, system);
    if (writer === null) return null;
    writers.push(writer);
  }
  return { columns: writers, dataSlot: data?.slot ?? -1 };
}
