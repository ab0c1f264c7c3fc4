/**
 * The drop-in for syslog-ng. What is not obvious in it:
 *
 * - Messages go as they came: with the header they had, or as RFC 5424 if they have structured
 *   data. The driver `syslog()` would put `[meta sequenceId="…"]` in front of the text of each
 *   message of this machine, and take the tag out of `CEF:0|…`.
 * - The count of octets in front of each message lets it have several lines. Only `syslog()` counts
 *   by itself; here the template does.
 * - No flow control: a source that waits for this destination would keep messages from all others.
 *
 * It has no `@version`, which the main configuration states once for all its files.
 * Source: syslog-ng 3.38, tried; syslog-ng administration guide, "disk-buffer" and "Macros".
 */
import { isIPv6 } from 'node:net';
import { addressText, DAEMONS, type TcpAddress } from './daemon.ts';

/**
 * `source`: the one of the main configuration that has the messages of this machine.
 * `queueFolder`: where its queue is; by default in syslog-ng's state directory.
 */
export function syslogNgDropIn(
  { host, port }: TcpAddress,
  source: string,
  queueFolder?: string,
): string {
  const { dropIn, restart } = DAEMONS['syslog-ng'];
  const protocol = isIPv6(host) ? ' ip-protocol(6)' : '';
  const folder = queueFolder === undefined ? '' : ` dir("${queueFolder}")`;
  return `# Forwards all messages of the source ${source} to dcr-agent on ${addressText({ host, port })}.
# Made by: dcr-agent syslog-config print syslog-ng
# Belongs in ${dropIn}; then: ${restart}
# Whether all is well tells: dcr-agent syslog-config check syslog-ng
#
# Every other destination gets the messages it got before. The agent leaves out its own log, and
# what syslog-ng says of this connection, so nothing goes in circles.

template t_dcr_agent_message {
  template('$(if ("$(format-welf --key .SDATA.*)" ne "") "<$PRI>1 $ISODATE $HOST \${PROGRAM:--} \${PID:--} \${MSGID:--} $SDATA $MESSAGE" "<$PRI>$ISODATE $HOST $MSGHDR$MESSAGE")');
};
template t_dcr_agent {
  template('$(length "$(template t_dcr_agent_message)") $(template t_dcr_agent_message)');
};
destination d_dcr_agent {
  network("${host}" port(${port})${protocol} transport("tcp") template(t_dcr_agent) frac-digits(6)
    # Messages wait while the agent is away: in up to 1 GB on the disk.
    disk-buffer(reliable(yes) disk-buf-size(1073741824) mem-buf-size(67108864)${folder})
    time-reopen(5));
};
log { source(${source}); destination(d_dcr_agent); };
`;
}
