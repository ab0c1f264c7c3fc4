/**
 * Logs of the Windows firewall → the columns of ASimNetworkSessionLogs. Inferred: the mapping of
 * the reference agent is not published; this one follows Microsoft Sentinel's network session
 * schema, and keeps what that has no column for in `AdditionalFields`.
 * `test/contract/inferred-facts.test.ts` pins it. Source of the fields: `#Fields:` of
 * `pfirewall.log`, and the output of `header.WindowsFirewallLog`, API 2025-05-11.
 */
import type { RowContext } from '../record-stage.ts';
import type { FieldTarget, W3cShape } from './w3c-target.ts';

const TARGETS: Readonly<Record<string, FieldTarget>> = {
  action: {
    column: 'DvcAction',
    type: 'string',
    values: { allow: 'Allow', drop: 'Drop' },
  },
  protocol: { column: 'NetworkProtocol', type: 'string' },
  'src-ip': { column: 'SrcIpAddr', type: 'string' },
  'dst-ip': { column: 'DstIpAddr', type: 'string' },
  'src-port': { column: 'SrcPortNumber', type: 'int' },
  'dst-port': { column: 'DstPortNumber', type: 'int' },
  size: { column: 'NetworkBytes', type: 'long' },
  icmptype: { column: 'NetworkIcmpType', type: 'string' },
  icmpcode: { column: 'NetworkIcmpCode', type: 'int' },
  path: {
    column: 'NetworkDirection',
    type: 'string',
    values: { send: 'Outbound', receive: 'Inbound', forward: 'NA', unknown: 'NA' },
  },
};

/** Other actions are no packets: `INFO-EVENTS-LOST` tells that there were more than were logged. */
const RESULTS: ReadonlyMap<string, string> = new Map([
  ['Allow', 'Success'],
  ['Drop', 'Failure'],
]);

export function firewallShape({ computer }: RowContext): W3cShape {
  return {
    targetOf: (field) => {
      const name = field.toLowerCase();
      return Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
    },
    derived: [
      {
        from: 'DvcAction',
        to: 'EventResult',
        of: (value) => RESULTS.get(value) ?? 'NA',
      },
    ],
    fixed: {
      Dvc: computer,
      DvcHostname: computer,
      EventCount: 1,
      EventProduct: 'Windows Firewall',
      EventSchema: 'NetworkSession',
      EventSchemaVersion: '0.2.6',
      EventType: 'NetworkSession',
      EventVendor: 'Microsoft',
    },
    times: ['EventStartTime', 'EventEndTime'],
    others: 'AdditionalFields',
  };
}
