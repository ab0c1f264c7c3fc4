/**
 * `GENERIC_PERF_BLOB` and `LINUX_PERF_BLOB` → Perf. Items carry the reference agent's names on ODS,
 * with one or more counters of an instance in `Collections`, and may carry column names on the
 * Logs Ingestion path; a column name given wins.
 */
import type { Json } from '@dcr-agent/schema';
import { ArmError } from '../../http/arm-error.ts';
import { isJsonObject, type JsonObject } from '../../http/json.ts';
import type { Shape } from './shape.ts';

/** No object has that many counters; each repeats the rest of the item in a row of its own. */
const COUNTERS_MAX = 100;

export const shapePerf: Shape = (item) => {
  const { Timestamp, Host, Collections, ...columns } = item;
  const head = {
    ...(Timestamp !== undefined && { TimeGenerated: Timestamp }),
    ...(Host !== undefined && { Computer: Host }),
  };
  const counters: readonly Json[] = Array.isArray(Collections) ? Collections : [{}];
  if (counters.length > COUNTERS_MAX) {
    const message = `'Collections' of an item has ${counters.length} counters, ${COUNTERS_MAX} are taken.`;
    throw new ArmError('InvalidRequestContent', `${message} Nothing was stored.`);
  }
  return counters.filter(isJsonObject).map(({ CounterName, Value }) => {
    const row = {
      ...head,
      ...(CounterName !== undefined && { CounterName }),
      ...(Value !== undefined && { CounterValue: Value }),
      ...columns,
    };
    return { CounterPath: counterPath(row), ...row };
  });
};

/** `\\\\web01\\Processor(total)\\% Processor Time`. */
function counterPath(row: JsonObject): Json {
  const { Computer, ObjectName, InstanceName, CounterName } = row;
  if (typeof ObjectName !== 'string' || typeof CounterName !== 'string') return null;
  const instance = typeof InstanceName === 'string' && InstanceName !== '' ? InstanceName : '';
  const place = instance === '' ? ObjectName : `${ObjectName}(${instance})`;
  return `\\\\${Computer ?? ''}\\${place}\\${CounterName}`;
}
