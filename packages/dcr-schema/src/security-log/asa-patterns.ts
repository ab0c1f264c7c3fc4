/**
 * The forms of common ASA messages, by message id. A name of a group is the column it fills;
 * those that do not begin with a capital are read by `asa-columns.ts`.
 * Source: Cisco ASA Series Syslog Messages, by message id; only some were compared word by word.
 */

/** An address or name, up to the port: colons are those of IPv6. */
const HOST = (column: string): string => `(?<${column}>[^\\s/()]+)`;
const PORT = (column: string): string => `(?:/(?<${column}>[^\\s/(),]+))?`;
/** `outside:192.0.2.1/443`; what an interface is called has no colon. */
const ENDPOINT = (side: string, address = 'IP', port = 'Port'): string =>
  `(?<${side}Interface>[^\\s:]+):${HOST(`${side}${address}`)}${PORT(`${side}${port}`)}`;
/** `(user)`, `(DOMAIN\user, 12:tag)`: identity behind an address. */
const IDENTITY = '(?:\\s*\\((?!type )[^)]*\\))*';
const MAPPED = (side: string): string =>
  `\\s*\\(${HOST(`${side}TranslatedAddress`)}${PORT(`${side}TranslatedPort`)}\\)`;

const DENIED_TCP = `from ${HOST('SourceIP')}/(?<SourcePort>\\S+) to ${HOST('DestinationIP')}/(?<DestinationPort>\\S+) flags (?<flags>.*?)\\s+on interface (?<DeviceInboundInterface>\\S+)`;
/** Which of the two is the source, the direction tells. */
const BUILT = `^Built (?<direction>inbound|outbound) (?<Protocol>TCP|UDP) connection (?<connection>\\d+) for ${ENDPOINT('first')}${MAPPED('first')}${IDENTITY} to ${ENDPOINT('second')}${MAPPED('second')}`;
const TORN_DOWN = `^Teardown (?<Protocol>TCP|UDP) connection (?<connection>\\d+) for ${ENDPOINT('Source')}${IDENTITY} to ${ENDPOINT('Destination')}${IDENTITY} duration (?<duration>\\S+) bytes (?<bytes>\\d+)(?: (?<Reason>[^(]+?))?(?: \\(.*\\))?$`;
const ICMP = `(?<Protocol>ICMP) connection for faddr ${HOST('foreign')}${PORT('foreignPort')}${IDENTITY} gaddr ${HOST('global')}${PORT('globalPort')} laddr ${HOST('local')}${PORT('localPort')}(?=\\s|\\(|$)`;
const TRANSLATION = `(?:dynamic|static) (?<Protocol>TCP|UDP|ICMP|\\S+) translation from ${ENDPOINT('Source')}${IDENTITY} to (?<DestinationInterface>[^\\s:]+):${HOST('SourceTranslatedAddress')}${PORT('SourceTranslatedPort')}(?:\\s+duration (?<duration>\\S+))?\\s*$`;
const LOCAL_HOST = `local-host (?<SourceInterface>[^\\s:]+):${HOST('SourceIP')}(?: duration (?<duration>\\S+))?\\s*$`;

const FORMS: Readonly<Record<string, string>> = {
  '106001': `^(?<direction>Inbound) (?<Protocol>TCP) connection denied ${DENIED_TCP}`,
  '106006': `^Deny (?<direction>inbound) (?<Protocol>UDP) from ${HOST('SourceIP')}/(?<SourcePort>\\S+) to ${HOST('DestinationIP')}/(?<DestinationPort>\\S+)(?: due to (?<Reason>.+?))? on interface (?<DeviceInboundInterface>[^\\s.]+)`,
  '106015': `^Deny (?<Protocol>TCP) \\((?<Reason>no connection)\\) ${DENIED_TCP}`,
  '106023': `^Deny (?:protocol )?(?<Protocol>\\S+) src ${ENDPOINT('Source')}${IDENTITY} dst ${ENDPOINT('Destination')}${IDENTITY}(?: \\(?type (?<icmpType>\\d+), code (?<icmpCode>\\d+)\\)?)? by access-group "?(?<rule>[^"\\s]+)"?`,
  '106100': `^access-list (?<rule>\\S+) (?<verdict>permitted|denied|est-allowed) (?<Protocol>\\S+) (?<SourceInterface>[^\\s/]+)/${HOST('SourceIP')}\\((?<SourcePort>[^)]*)\\)${IDENTITY}\\s*->\\s*(?<DestinationInterface>[^\\s/]+)/${HOST('DestinationIP')}\\((?<DestinationPort>[^)]*)\\)${IDENTITY} hit-cnt (?<EventCount>\\d+)`,
  '111008': `^User '(?<SourceUserName>[^']*)' executed the '?(?<command>.*?)'? command\\.?$`,
  '113004': `^AAA user (?<aaa>\\S+) Successful ?: server = +${HOST('DestinationIP')} ?: user = (?<SourceUserName>.*?)(?: ?: user IP = (?<SourceIP>\\S+))?\\s*$`,
  '113005': `^AAA user (?<aaa>\\S+) Rejected ?: reason = (?<Reason>.*?) ?: server = +${HOST('DestinationIP')} ?: user = (?<SourceUserName>.*?)(?: ?: user IP = (?<SourceIP>\\S+))?\\s*$`,
  '302013': BUILT,
  '302014': TORN_DOWN,
  '302015': BUILT,
  '302016': TORN_DOWN,
  '302020': `^Built (?<direction>inbound|outbound) ${ICMP}`,
  '302021': `^Teardown ${ICMP}`,
  '305011': `^Built ${TRANSLATION}`,
  '305012': `^Teardown ${TRANSLATION}`,
  '313001': `^Denied (?<Protocol>ICMP) type=(?<icmpType>\\d+), code=(?<icmpCode>\\d+) from ${HOST('SourceIP')} on interface (?<DeviceInboundInterface>\\S+)`,
  '605005': `^Login permitted from ${HOST('SourceIP')}/(?<SourcePort>\\S+) to ${ENDPOINT('Destination')} for user "(?<SourceUserName>[^"]*)"`,
  '609001': `^Built ${LOCAL_HOST}`,
  '609002': `^Teardown ${LOCAL_HOST}`,
  '710003': `^(?<Protocol>\\S+) access denied by ACL from ${HOST('SourceIP')}/(?<SourcePort>\\S+) to ${ENDPOINT('Destination')}`,
  '725001': `^Starting SSL handshake with (?:\\S+ )?${ENDPOINT('Source')}(?: to ${HOST('DestinationIP')}/(?<DestinationPort>\\S+))? for (?<ApplicationProtocol>.+?) session`,
};

const PATTERNS = new Map<string, RegExp>();

/** `undefined` for a message id whose form is not known here. */
export function asaPattern(id: string): RegExp | undefined {
  const form = FORMS[id];
  if (form === undefined) return undefined;
  const pattern = PATTERNS.get(id) ?? new RegExp(form, 's');
  PATTERNS.set(id, pattern);
  return pattern;
}
