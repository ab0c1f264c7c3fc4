/**
 * The drop-in for rsyslog. What is not obvious in it:
 *
 * - Messages go as they came. `RSYSLOG_SyslogProtocol23Format` cuts a tag at its colon and what is
 *   behind it, so `CEF:0|…` would arrive empty; `RSYSLOG_ForwardFormat` cuts tags at 32 characters
 *   and leaves structured data out. So a message that came as RFC 5424 is sent as such, and any
 *   other with its tag whole.
 * - Octet counting, so that a message may have several lines.
 * - Half of the queue is in memory when the disk begins to be used, so a disk that is slow for a
 *   moment costs nothing. When all of it is full, a message waits a tenth of a second and not the
 *   two that are usual: rsyslog's other outputs wait as long.
 *
 * Source: rsyslog 8.2302, tried; rsyslog documentation, "omfwd" and "General Queue Parameters".
 */
import { addressText, DAEMONS, type TcpAddress } from './daemon.ts';

/** `queueFolder`: where its queue is; by default in rsyslog's working directory. */
export function rsyslogDropIn({ host, port }: TcpAddress, queueFolder?: string): string {
  const { dropIn, restart } = DAEMONS.rsyslog;
  const folder = queueFolder === undefined ? '' : ` queue.spoolDirectory="${queueFolder}"`;
  return `# Forwards all messages to dcr-agent on ${addressText({ host, port })}.
# Made by: dcr-agent syslog-config print rsyslog
# Belongs in ${dropIn}; then: ${restart}
# Whether all is well tells: dcr-agent syslog-config check rsyslog
#
# Every other output gets the messages it got before. The agent leaves out its own log, and what
# rsyslog says of this connection, so nothing goes in circles.

template(name="dcr-agent-rfc5424" type="string"
  string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% %STRUCTURED-DATA% %msg%")
template(name="dcr-agent-tagged" type="string"
  string="<%PRI%>%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%")
template(name="dcr-agent" type="string" string="%$.dcr-agent%")

if $protocol-version == "1" then {
  set $.dcr-agent = exec_template("dcr-agent-rfc5424");
} else {
  set $.dcr-agent = exec_template("dcr-agent-tagged");
}

action(name="dcr-agent" type="omfwd" template="dcr-agent"
  target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted"
  # Messages wait while the agent is away: in memory, then in up to 1 GB on the disk.
  queue.type="LinkedList" queue.size="50000" queue.highWatermark="25000" queue.lowWatermark="5000"
  queue.filename="dcr-agent" queue.maxDiskSpace="1g" queue.saveOnShutdown="on"${folder}
  queue.timeoutEnqueue="100"
  action.resumeRetryCount="-1" action.resumeInterval="5")
`;
}
