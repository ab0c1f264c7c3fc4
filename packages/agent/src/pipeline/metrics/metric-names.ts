/**
 * What counters are called as custom metrics, and by which dimension their instances are told
 * apart.
 *
 * Source: azure-linux-extensions, `metrics_constants.py` for the namespaces and its configuration
 * of telegraf for the dimensions of the machine; names of counters and of the dimension of an
 * instance are inferred, from what telegraf calls them. `test/contract/inferred-facts.test.ts` pins them.
 */

export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  /** Dimension of the instance; absent where a counter has but one. */
  readonly dimension?: string;
}

const GUEST_NAMESPACE = 'azure.vm.linux.guestmetrics';
const INSIGHTS_NAMESPACE = 'insights.virtualmachine';

/** By object, in lower case. */
const INSTANCE_DIMENSIONS: Readonly<Record<string, string>> = {
  processor: 'cpu',
  'logical disk': 'path',
  'physical disk': 'name',
  network: 'interface',
  process: 'process_name',
};

/** Objects of VM insights, which differ from the others by their spelling or their counters. */
const INSIGHTS_OBJECTS: Readonly<Record<string, string>> = {
  Computer: '',
  Processor: '',
  Memory: '',
  LogicalDisk: 'vm.azm.ms/mountId',
  Network: 'vm.azm.ms/networkDeviceId',
};

/** `isInsights`: a counter of VM insights. */
export function metricName(object: string, counter: string, isInsights: boolean): MetricName {
  const namespace = isInsights ? INSIGHTS_NAMESPACE : GUEST_NAMESPACE;
  const dimension = isInsights
    ? INSIGHTS_OBJECTS[object]
    : INSTANCE_DIMENSIONS[object.toLowerCase()];
  return { namespace, metric: counter, ...(dimension && { dimension }) };
}
