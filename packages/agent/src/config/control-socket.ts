/** Where the control socket is, for the agent that opens it and the commands that ask it. */
import { join } from 'node:path';
import type { AgentConfig } from './agent-config.ts';

const RUNTIME_SOCKET = '/run/dcr-agent/control.sock';

/**
 * Best first. The agent opens the first one whose folder it may write to; a command asks the
 * first one that is there. Without an option that is the runtime folder, which systemd makes for
 * the service, else the state directory, which serves an agent that a user starts by hand.
 */
export function controlSocketPaths(
  config: Pick<AgentConfig, 'controlSocket' | 'stateDir'>,
): readonly [string, ...string[]] {
  if (config.controlSocket !== undefined) return [config.controlSocket];
  return [RUNTIME_SOCKET, join(config.stateDir, 'control.sock')];
}
