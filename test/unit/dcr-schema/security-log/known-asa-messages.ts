/** Messages in the forms that Cisco's guide gives, by id, and the columns they fill. */
import type { SecurityLogColumns } from '../../../../packages/dcr-schema/src/security-log/security-log-columns.ts';

/** Beside DeviceVendor, DeviceProduct, DeviceEventClassID, severity and Message. */
export type KnownAsaMessage = readonly [tag: string, text: string, columns: SecurityLogColumns];

/** `outside:192.0.2.7/4242` to `inside:10.0.0.5/443`. */
const INWARD = {
  SourceIP: '192.0.2.7',
  SourcePort: 4242,
  DestinationIP: '10.0.0.5',
  DestinationPort: 443,
};
const INTERFACES = { DeviceInboundInterface: 'outside', DeviceOutboundInterface: 'inside' };

export const KNOWN_ASA_MESSAGES: readonly KnownAsaMessage[] = [
  [
    '%ASA-2-106001',
    'Inbound TCP connection denied from 192.0.2.7/4242 to 10.0.0.5/443 flags SYN  on interface outside',
    {
      ...INWARD,
      Protocol: 'TCP',
      CommunicationDirection: 'inbound',
      DeviceInboundInterface: 'outside',
      DeviceAction: 'Deny',
      AdditionalExtensions: 'tcpFlags=SYN;',
    },
  ],
  [
    '%ASA-2-106006',
    'Deny inbound UDP from 192.0.2.7/4242 to 10.0.0.5/443 on interface outside',
    {
      ...INWARD,
      Protocol: 'UDP',
      CommunicationDirection: 'inbound',
      DeviceInboundInterface: 'outside',
      DeviceAction: 'Deny',
    },
  ],
  [
    '%ASA-6-106015',
    'Deny TCP (no connection) from 192.0.2.7/4242 to 10.0.0.5/443 flags RST ACK  on interface outside',
    {
      ...INWARD,
      Protocol: 'TCP',
      Reason: 'no connection',
      DeviceInboundInterface: 'outside',
      DeviceAction: 'Deny',
      AdditionalExtensions: 'tcpFlags=RST ACK;',
    },
  ],
  [
    '%ASA-4-106023',
    'Deny tcp src outside:192.0.2.7/4242 dst inside:10.0.0.5/443 by access-group "outside_in" [0x0, 0x0]',
    {
      ...INWARD,
      ...INTERFACES,
      Protocol: 'tcp',
      DeviceAction: 'Deny',
      AdditionalExtensions: 'accessGroup=outside_in;',
    },
  ],
  [
    '%ASA-4-106023',
    'Deny icmp src outside:192.0.2.7(LOCAL\\alice) dst inside:10.0.0.5 (type 8, code 0) by access-group "outside_in" [0x0, 0x0]',
    {
      ...INTERFACES,
      SourceIP: '192.0.2.7',
      DestinationIP: '10.0.0.5',
      Protocol: 'icmp',
      DeviceAction: 'Deny',
      AdditionalExtensions: 'icmpType=8;icmpCode=0;accessGroup=outside_in;',
    },
  ],
  [
    '%ASA-4-106100',
    'access-list outside_in denied tcp outside/192.0.2.7(4242) -> inside/10.0.0.5(443) hit-cnt 3 300-second interval [0x0, 0x0]',
    {
      ...INWARD,
      ...INTERFACES,
      Protocol: 'tcp',
      EventCount: 3,
      DeviceAction: 'denied',
      AdditionalExtensions: 'accessGroup=outside_in;',
    },
  ],
  [
    '%ASA-5-111008',
    "User 'enable_15' executed the 'write memory' command.",
    {
      SourceUserName: 'enable_15',
      DeviceAction: 'Executed',
      AdditionalExtensions: 'command=write memory;',
    },
  ],
  [
    '%ASA-6-113004',
    'AAA user authentication Successful : server =  10.0.0.9 : user = alice',
    { DestinationIP: '10.0.0.9', SourceUserName: 'alice', DeviceAction: 'Successful' },
  ],
  [
    '%ASA-6-113005',
    'AAA user authentication Rejected : reason = AAA failure : server = 10.0.0.9 : user = bob : user IP = 192.0.2.7',
    {
      Reason: 'AAA failure',
      DestinationIP: '10.0.0.9',
      SourceUserName: 'bob',
      SourceIP: '192.0.2.7',
      DeviceAction: 'Rejected',
    },
  ],
  [
    '%ASA-6-302013',
    'Built inbound TCP connection 90 for outside:192.0.2.7/4242 (192.0.2.7/4242) to inside:10.0.0.5/443 (198.51.100.4/8443)',
    {
      ...INWARD,
      ...INTERFACES,
      Protocol: 'TCP',
      SourceTranslatedAddress: '192.0.2.7',
      SourceTranslatedPort: 4242,
      DestinationTranslatedAddress: '198.51.100.4',
      DestinationTranslatedPort: 8443,
      CommunicationDirection: 'inbound',
      DeviceAction: 'Built',
      AdditionalExtensions: 'connectionId=90;',
    },
  ],
  [
    '%ASA-6-302015',
    'Built outbound UDP connection 91 for outside:203.0.113.44/53 (203.0.113.44/53)(LOCAL\\x) to inside:10.0.0.5/1772 (198.51.100.4/21772) (alice)',
    {
      Protocol: 'UDP',
      SourceIP: '10.0.0.5',
      SourcePort: 1772,
      SourceTranslatedAddress: '198.51.100.4',
      SourceTranslatedPort: 21772,
      DestinationIP: '203.0.113.44',
      DestinationPort: 53,
      DestinationTranslatedAddress: '203.0.113.44',
      DestinationTranslatedPort: 53,
      CommunicationDirection: 'outbound',
      DeviceInboundInterface: 'inside',
      DeviceOutboundInterface: 'outside',
      DeviceAction: 'Built',
      AdditionalExtensions: 'connectionId=91;',
    },
  ],
  [
    '%ASA-6-302014',
    'Teardown TCP connection 90 for outside:192.0.2.7/4242 to inside:10.0.0.5/443 duration 0:00:10 bytes 1420 TCP FINs from inside',
    {
      ...INWARD,
      ...INTERFACES,
      Protocol: 'TCP',
      Reason: 'TCP FINs from inside',
      DeviceAction: 'Teardown',
      AdditionalExtensions: 'connectionId=90;duration=0:00:10;bytes=1420;',
    },
  ],
  [
    '%ASA-6-302016',
    'Teardown UDP connection 7 for outside:2001:db8::7/4242 to inside:10.0.0.5/443 duration 0:02:01 bytes 99',
    {
      ...INWARD,
      ...INTERFACES,
      SourceIP: '2001:db8::7',
      Protocol: 'UDP',
      DeviceAction: 'Teardown',
      AdditionalExtensions: 'connectionId=7;duration=0:02:01;bytes=99;',
    },
  ],
  [
    '%ASA-6-302020',
    'Built inbound ICMP connection for faddr 192.0.2.7/0 gaddr 198.51.100.1/0 laddr 10.0.0.5/0 type 8 code 0',
    {
      Protocol: 'ICMP',
      SourceIP: '192.0.2.7',
      DestinationIP: '10.0.0.5',
      DestinationTranslatedAddress: '198.51.100.1',
      CommunicationDirection: 'inbound',
      DeviceAction: 'Built',
    },
  ],
  [
    '%ASA-6-302021',
    'Teardown ICMP connection for faddr 192.0.2.7/0(LOCAL\\x) gaddr 198.51.100.1/0 laddr 10.0.0.5/0',
    {
      Protocol: 'ICMP',
      SourceIP: '192.0.2.7',
      DestinationIP: '10.0.0.5',
      DestinationTranslatedAddress: '198.51.100.1',
      DeviceAction: 'Teardown',
    },
  ],
  [
    '%ASA-6-305011',
    'Built dynamic TCP translation from inside:10.0.0.5/443 to outside:198.51.100.1/24242',
    {
      Protocol: 'TCP',
      SourceIP: '10.0.0.5',
      SourcePort: 443,
      SourceTranslatedAddress: '198.51.100.1',
      SourceTranslatedPort: 24242,
      DeviceInboundInterface: 'inside',
      DeviceOutboundInterface: 'outside',
      DeviceAction: 'Built',
    },
  ],
  [
    '%ASA-6-305012',
    'Teardown dynamic UDP translation from inside:10.0.0.5/443 to outside:198.51.100.1/24242 duration 0:00:30',
    {
      Protocol: 'UDP',
      SourceIP: '10.0.0.5',
      SourcePort: 443,
      SourceTranslatedAddress: '198.51.100.1',
      SourceTranslatedPort: 24242,
      DeviceInboundInterface: 'inside',
      DeviceOutboundInterface: 'outside',
      DeviceAction: 'Teardown',
      AdditionalExtensions: 'duration=0:00:30;',
    },
  ],
  [
    '%ASA-3-313001',
    'Denied ICMP type=8, code=0 from 192.0.2.7 on interface outside',
    {
      Protocol: 'ICMP',
      SourceIP: '192.0.2.7',
      DeviceInboundInterface: 'outside',
      DeviceAction: 'Deny',
      AdditionalExtensions: 'icmpType=8;icmpCode=0;',
    },
  ],
  [
    '%ASA-6-605005',
    'Login permitted from 10.0.0.8/4242 to inside:10.0.0.1/ssh for user "admin"',
    {
      SourceIP: '10.0.0.8',
      SourcePort: 4242,
      DestinationIP: '10.0.0.1',
      SourceUserName: 'admin',
      DeviceOutboundInterface: 'inside',
      DeviceAction: 'Permitted',
      AdditionalExtensions: 'DestinationPort=ssh;',
    },
  ],
  [
    '%ASA-7-609001',
    'Built local-host inside:10.0.0.5',
    { SourceIP: '10.0.0.5', DeviceInboundInterface: 'inside', DeviceAction: 'Built' },
  ],
  [
    '%ASA-7-609002',
    'Teardown local-host inside:10.0.0.5 duration 0:00:00',
    {
      SourceIP: '10.0.0.5',
      DeviceInboundInterface: 'inside',
      DeviceAction: 'Teardown',
      AdditionalExtensions: 'duration=0:00:00;',
    },
  ],
  [
    '%ASA-3-710003',
    'TCP access denied by ACL from 192.0.2.7/4242 to outside:198.51.100.1/443',
    {
      ...INWARD,
      DestinationIP: '198.51.100.1',
      Protocol: 'TCP',
      DeviceOutboundInterface: 'outside',
      DeviceAction: 'Deny',
    },
  ],
  [
    '%ASA-6-725001',
    'Starting SSL handshake with client outside:192.0.2.7/4242 to 10.0.0.5/443 for TLS session',
    {
      ...INWARD,
      ApplicationProtocol: 'TLS',
      DeviceInboundInterface: 'outside',
      DeviceAction: 'Starting',
    },
  ],
  ['%ASA-5-999999', 'a message that is not known', {}],
  ['%ASA-6-302013', 'Built something in another form', {}],
];
