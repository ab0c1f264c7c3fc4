/** A message of a Cisco ASA → columns of CommonSecurityLog. */
import { commonSecurityLogTable } from '../stream/security-log-table.ts';
import type { AsaMessage } from './asa-message.ts';
import { asaPattern } from './asa-patterns.ts';
import { ASA_ACTIONS, ASA_DEVICE, additionalExtensions } from './inferred-facts.ts';
import type { SecurityLogColumns } from './security-log-columns.ts';
import { typedValue } from './typed-value.ts';

type Found = Readonly<Record<string, string | undefined>>;

/** Parts of the forms that have no column, and what they are called in AdditionalExtensions. */
const WITHOUT_COLUMN: Readonly<Record<string, string>> = {
  connection: 'connectionId',
  duration: 'duration',
  bytes: 'bytes',
  flags: 'tcpFlags',
  rule: 'accessGroup',
  icmpType: 'icmpType',
  icmpCode: 'icmpCode',
  command: 'command',
};

/** The text is in `Message` whatever else is understood of it. */
export function asaColumns({ id, level, text }: AsaMessage): SecurityLogColumns {
  const found = asaPattern(id)?.exec(text)?.groups;
  return {
    ...ASA_DEVICE,
    DeviceEventClassID: id,
    LogSeverity: level,
    OriginalLogSeverity: level,
    Message: text,
    ...(found && foundColumns(id, text, withSides(found))),
  };
}

function foundColumns(id: string, text: string, found: Found): SecurityLogColumns {
  const columns: Record<string, string | number> = {};
  const left: [string, string][] = [];
  for (const [name, value] of Object.entries(found)) {
    if (value === undefined || value === '') continue;
    const type = commonSecurityLogTable.columns.get(name);
    if (type === undefined) {
      const called = WITHOUT_COLUMN[name];
      if (called !== undefined) left.push([called, value]);
      continue;
    }
    const cell = typedValue(type, value, 0);
    // Ports are named where the device knows a service by that number.
    if (cell === undefined) left.push([name, value]);
    else columns[name] = cell;
  }
  const { direction, SourceInterface, DestinationInterface } = found;
  return {
    ...columns,
    ...(direction !== undefined && { CommunicationDirection: direction.toLowerCase() }),
    ...(SourceInterface !== undefined && { DeviceInboundInterface: SourceInterface }),
    ...(DestinationInterface !== undefined && { DeviceOutboundInterface: DestinationInterface }),
    ...actionOf(id, text, found),
    ...(left.length > 0 && { AdditionalExtensions: additionalExtensions(left) }),
  };
}

function actionOf(id: string, text: string, { verdict }: Found): SecurityLogColumns {
  const action = verdict ?? ASA_ACTIONS.get(id) ?? /^[A-Z][a-z]+/.exec(text)?.[0];
  return action === undefined ? {} : { DeviceAction: action };
}

/**
 * Connections are told with the less trusted side first. From which they were begun, the
 * direction tells; ICMP names the foreign, the global and the local address.
 */
function withSides(found: Found): Found {
  if ('firstIP' in found) {
    const isInbound = found.direction === 'inbound';
    return {
      ...found,
      ...side(found, 'Source', isInbound),
      ...side(found, 'Destination', !isInbound),
    };
  }
  if (!('foreign' in found)) return found;
  const isInbound = found.direction !== 'outbound';
  const [source, destination] = isInbound ? ['foreign', 'local'] : ['local', 'foreign'];
  const translated = isInbound ? 'Destination' : 'Source';
  return {
    ...found,
    SourceIP: found[source!],
    DestinationIP: found[destination!],
    [`${translated}TranslatedAddress`]: found.global,
  };
}

function side(found: Found, name: 'Source' | 'Destination', isFirst: boolean): Found {
  const which = isFirst ? 'first' : 'second';
  const parts = ['Interface', 'IP', 'Port', 'TranslatedAddress', 'TranslatedPort'];
  return Object.fromEntries(parts.map((part) => [`${name}${part}`, found[`${which}${part}`]]));
}
