/** Which of the agents that may run here is meant. */
import { resolve } from 'node:path';
import { controlSocketPaths } from '../config/control-socket.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { AgentStatus } from '../health/status.ts';
import { askStatus } from './ask-status.ts';

export interface FoundAgent {
  readonly status?: AgentStatus;
  /** Of the control socket that answered. */
  readonly path?: string;
  /** Why there is none, one per socket. */
  readonly refusals: readonly string[];
}

/** One that was not meant is not asked; without a word about that, any is. */
export async function findAgent(
  { config, origins }: ResolvedConfig,
  mustMatch = false,
): Promise<FoundAgent> {
  const isAnyMeant =
    !mustMatch &&
    (config.controlSocket !== undefined || origins.get('stateDir')?.layer === 'default');
  const refusals: string[] = [];
  for (const path of controlSocketPaths(config)) {
    try {
      const status = await askStatus(path);
      const isMeant = isAnyMeant || status.stateDir === resolve(config.stateDir);
      if (isMeant) return { status, path, refusals };
      refusals.push(`${path}: the agent of ${status.stateDir} answers, not of ${config.stateDir}`);
    } catch (error) {
      refusals.push(`${path}: ${(error as Error).message}`);
    }
  }
  return { refusals };
}
