/**
 * Programs whose messages may be about the agent itself or the connection to it. Which of them
 * are, the twin decides: `sources/syslog/loop-guard.ts`.
 */
import { IDENT } from './memory';

/** `dcr-agen` and `t`. */
const AGENT: u64 = 0x6e65_6761_2d72_6364;
const AGENT_END: u8 = 0x74;
const RSYSLOGD: u64 = 0x6467_6f6c_7379_7372;
/** `syslog-n` and `g`. */
const SYSLOG_NG: u64 = 0x6e2d_676f_6c73_7973;
const SYSLOG_NG_END: u8 = 0x67;

// @ts-ignore: decorators are AssemblyScript's
@inline
export function mayBeLoop(message: u32): bool {
  const start = load<u32>(message + IDENT);
  const length = load<u32>(message + IDENT + 4) - start;
  if (length - 8 > 1) return false;
  const head = load<u64>(start);
  if (length == 8) return head == RSYSLOGD;
  const last = load<u8>(start + 8);
  return (head == AGENT && last == AGENT_END) || (head == SYSLOG_NG && last == SYSLOG_NG_END);
}
