/**
 * Rules from a folder: every `*.json` file in it is one rule, without a control plane.
 *
 * A file that is wrong never stops a rule that runs: the last good form of the same file stays
 * in force. A file that is gone takes its rule with it; a folder that is gone takes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AgentConfiguration } from '@dcr-agent/schema';
import { isAgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { Alarm } from './alarm.ts';
import { FolderWatch } from './folder-watch.ts';
import { KeptRuleFiles } from './kept-rule-files.ts';
import { resolveConflicts } from './rule-conflicts.ts';
import type { ApplyConfigurations, RefusedRule, RuleFeed, RuleFeedStatus } from './rule-feed.ts';
import type { LocalDestinations } from './rule-file.ts';
import { type NamedConfiguration, RuleFiles } from './rule-files.ts';

/** The net under the watch, which not every file system has. */
const RESCAN_MS = 30_000;
/** Editors write a file in several steps. */
const SETTLE_MS = 200;

export interface RuleFolderOptions {
  readonly host: Host;
  readonly folder: string;
  readonly destinations: LocalDestinations;
  /** Where the last good form of each file is kept. */
  readonly stateDir: string;
}

export function createRuleFolder(options: RuleFolderOptions): RuleFeed {
  return new RuleFolder(options);
}

class RuleFolder implements RuleFeed {
  readonly #host: Host;
  readonly #folder: string;
  readonly #files: RuleFiles;
  readonly #alarm: Alarm;
  #running: readonly AgentConfiguration[] | undefined;
  /** Reported already, so that every scan does not say it again. */
  #conflicts: readonly string[] = [];
  #refused: readonly RefusedRule[] = [];
  #lastSuccessAtMs: number | null = null;
  #lastFailure: { atMs: number; reason: string } | null = null;
  #nextAtMs: number | null = null;

  constructor({ host, folder, destinations, stateDir }: RuleFolderOptions) {
    this.#host = host;
    this.#folder = folder;
    this.#files = new RuleFiles({
      folder,
      destinations,
      log: host.log,
      kept: new KeptRuleFiles(stateDir, folder, host.log),
    });
    this.#alarm = new Alarm(host.clock);
  }

  async run(apply: ApplyConfigurations, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#host;
    const kept = await this.#files.restore();
    const watch = new FolderWatch(this.#folder, () => this.#alarm.ring(), log);
    try {
      while (!signal.aborted) {
        await watch.renew();
        await this.#scan(apply);
        if (this.#running === undefined) await this.#startFrom(kept, apply);
        this.#nextAtMs = clock.now() + RESCAN_MS;
        if (await this.#alarm.wait(RESCAN_MS, signal)) {
          await clock.sleep(SETTLE_MS, signal);
          this.#alarm.silence();
        }
      }
    } finally {
      watch.close();
    }
  }

  poke(): void {
    this.#alarm.ring();
  }

  status(): RuleFeedStatus {
    return {
      kind: 'folder',
      folder: this.#folder,
      lastSuccessAtMs: this.#lastSuccessAtMs,
      lastFailure: this.#lastFailure,
      nextAtMs: this.#nextAtMs,
      refused: this.#refused,
      configurations: (this.#running ?? []).map(({ configurationId: id, eTag }) => ({ id, eTag })),
    };
  }

  async #scan(apply: ApplyConfigurations): Promise<void> {
    try {
      const { files, wrong } = await this.#files.read();
      const { configurations, conflicts } = resolveConflicts(files, this.#running ?? []);
      this.#refused = [...wrong, ...conflicts];
      this.#reportConflicts(conflicts);
      await this.#putInForce(configurations, apply);
      this.#lastSuccessAtMs = this.#host.clock.now();
      this.#noteFailure(this.#refused[0]?.reason);
    } catch (error) {
      // A failed system call or a set that cannot be put in force; all else is our mistake.
      if (!isAgentError(error) && !isSystemError(error)) throw error;
      const reason = reasonOf(error);
      if (this.#lastFailure?.reason === reason) return;
      this.#noteFailure(reason);
      const facts = { folder: this.#folder, reason };
      this.#host.log.error(facts, 'the rules of the folder cannot be used; those in force stay');
    }
  }

  /** The folder cannot be read, and it is not known whether it ever will: on with what was. */
  async #startFrom(kept: readonly NamedConfiguration[], apply: ApplyConfigurations): Promise<void> {
    const { configurations } = resolveConflicts(kept, []);
    if (configurations.length === 0) return;
    try {
      await this.#putInForce(configurations, apply);
    } catch (error) {
      if (!isAgentError(error)) throw error;
      this.#host.log.error({ reason: reasonOf(error) }, 'the kept rules cannot be put in force');
    }
  }

  #reportConflicts(conflicts: readonly RefusedRule[]): void {
    const reasons = conflicts.map(({ reason }) => reason);
    for (const reason of reasons) {
      if (this.#conflicts.includes(reason)) continue;
      this.#host.log.error({ folder: this.#folder }, reason);
    }
    this.#conflicts = reasons;
  }

  async #putInForce(
    next: readonly AgentConfiguration[],
    apply: ApplyConfigurations,
  ): Promise<void> {
    if (this.#running !== undefined && isDeepStrictEqual(this.#running, next)) return;
    await apply(next);
    this.#running = next;
    this.#host.log.info({ rules: next.length, folder: this.#folder }, 'new rules are in force');
  }

  #noteFailure(reason: string | undefined): void {
    if (reason === undefined) this.#lastFailure = null;
    else if (this.#lastFailure?.reason !== reason) {
      this.#lastFailure = { atMs: this.#host.clock.now(), reason };
    }
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
