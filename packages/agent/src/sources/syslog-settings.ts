/** What the configuration says of the syslog source, in the form the source takes. */
import type { AgentConfig } from '../config/agent-config.ts';
import type { SyslogSettings } from './syslog/syslog.ts';

export function syslogSettings({
  tcp,
  tls,
  tlsCertFile: certFile,
  tlsKeyFile: keyFile,
  tlsClientCaFile: clientCaFile,
  udp,
  unix,
  ...limits
}: AgentConfig['sources']['syslog']): SyslogSettings {
  return {
    ...limits,
    tcp: tcp.map(portAddress),
    udp: udp.map(portAddress),
    unixStream: unix,
    // The configuration's check has let no address through without both files.
    ...(tls.length > 0 &&
      certFile !== undefined &&
      keyFile !== undefined && {
        tls: {
          addresses: tls.map(portAddress),
          ...{ certFile, keyFile },
          ...(clientCaFile !== undefined && { clientCaFile }),
        },
      }),
  };
}

/** `127.0.0.1:28330`, `[::1]:514`; the configuration's check has let nothing else through. */
function portAddress(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon).replace(/^\[|\]$/g, '');
  return { address, port: Number(text.slice(colon + 1)) };
}
