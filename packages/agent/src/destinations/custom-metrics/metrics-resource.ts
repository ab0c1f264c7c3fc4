/**
 * Which resource the metrics of a machine belong to. Source: telegraf's output for Azure Monitor
 * and azure-linux-extensions: of a uniform scale set it is the set; the machine is a dimension.
 */

export interface MetricsResource {
  readonly resourceId: string;
  /** Number of the machine in its scale set. */
  readonly instanceId?: string;
}

const SCALE_SET_MACHINE =
  /^(\/subscriptions\/.+\/virtualMachineScaleSets\/[^/]+)\/virtualMachines\/([^/]+)$/i;

export function metricsResource(machineId: string): MetricsResource {
  const [, set, instanceId] = SCALE_SET_MACHINE.exec(machineId) ?? [];
  if (set === undefined || instanceId === undefined) return { resourceId: machineId };
  return { resourceId: set, instanceId };
}
