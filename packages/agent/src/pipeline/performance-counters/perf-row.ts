/** Rows of the Perf table. Min, max and the like stay empty: a row is one sample, as it was taken. */
import type { CounterSample } from '../../record.ts';
import type { RowContext } from '../record-stage.ts';

/** As the ODS endpoint takes it: values are texts there. */
export function perfItem(sample: CounterSample, { computer }: RowContext): object {
  return {
    Timestamp: new Date(sample.atMs).toISOString(),
    Host: computer,
    ObjectName: sample.object,
    InstanceName: sample.instance,
    Collections: [{ CounterName: sample.counter, Value: String(sample.value) }],
  };
}

/** The columns of the table. */
export function perfRow(sample: CounterSample, { computer }: RowContext): object {
  const { object, instance, counter } = sample;
  const place = instance === '' ? object : `${object}(${instance})`;
  return {
    TimeGenerated: new Date(sample.atMs).toISOString(),
    Computer: computer,
    ObjectName: object,
    InstanceName: instance,
    CounterName: counter,
    CounterPath: `\\\\${computer}\\${place}\\${counter}`,
    CounterValue: sample.value,
  };
}
