/** The options of what is collected. */
import type { Option } from './option.ts';
import {
  addresses,
  channelFiles,
  oneOf,
  path,
  paths,
  wholeNumber,
  yesOrNo,
} from './option-types.ts';

export const SOURCE_OPTIONS: readonly Option[] = [
  {
    path: 'sources.windowsEventLogs.channels',
    type: channelFiles,
    default: {},
    help: 'channel → .evtx or .xml files that stand for it',
  },
  {
    path: 'sources.syslog.tcp',
    type: addresses,
    default: ['127.0.0.1:28330'],
    help: 'addresses to listen on when a rule collects syslog',
  },
  {
    path: 'sources.syslog.tls',
    type: addresses,
    default: [],
    help: 'addresses to listen on with TLS (RFC 5425, usually port 6514)',
  },
  {
    path: 'sources.syslog.tlsCertFile',
    type: path('file'),
    help: 'certificate (PEM) of the TLS addresses, with those between it and its authority',
  },
  {
    path: 'sources.syslog.tlsKeyFile',
    type: path('file'),
    help: 'private key (PEM, no passphrase) of that certificate',
  },
  {
    path: 'sources.syslog.tlsClientCaFile',
    type: path('file'),
    otherwise: 'senders need no certificate',
    help: 'authorities (PEM) of whom senders must have a certificate',
  },
  {
    path: 'sources.syslog.udp',
    type: addresses,
    default: [],
    help: 'addresses to listen on when a rule collects syslog',
  },
  {
    path: 'sources.syslog.unix',
    type: paths,
    default: [],
    help: 'sockets to listen on when a rule collects syslog',
  },
  {
    path: 'sources.syslog.frameBytesMax',
    type: wholeNumber(1_024, 1_048_576),
    default: 65_536,
    help: 'longest syslog message; longer ones are cut',
  },
  {
    path: 'sources.syslog.connectionsMax',
    type: wholeNumber(1, 100_000),
    default: 1_000,
    help: 'connections of each TCP and TLS address and Unix socket',
  },
  {
    path: 'sources.syslog.repeatsPerSecondMax',
    type: wholeNumber(0, 1_000_000),
    default: 1_000,
    help: 'identical syslog messages of one sender in a row that are kept a second; 0 keeps all',
  },
  {
    path: 'sources.syslog.joinSegments',
    type: yesOrNo,
    default: true,
    help: 'put messages together again that are sent in several, as Cisco ISE does',
  },
  {
    path: 'sources.logFiles.startAt',
    type: oneOf('beginning', 'end'),
    default: 'beginning',
    help: 'where reading starts in a file that was there before its rule',
  },
  {
    path: 'sources.windowsFirewallLogs.paths',
    type: paths,
    default: [],
    otherwise: 'C:\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log',
    help: 'logs of the Windows firewall; one with a profile in its name is of that profile only',
  },
];
