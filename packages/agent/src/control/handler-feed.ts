/**
 * Rules from the control plane: asks at intervals, and at once when poked.
 *
 * A failure never changes what is in force: rules stay until an answer says otherwise. The last
 * good set is kept on disk and is in force before the first question is asked.
 */
import type { AgentConfiguration } from '@dcr-agent/schema';
import { isAgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { AccessTokens } from '../identity/access-token.ts';
import { Alarm } from './alarm.ts';
import { ConfigurationCache } from './configuration-cache.ts';
import { isSameSet, withLastGood } from './configuration-set.ts';
import { parseAgentConfigurations } from './configurations-answer.ts';
import { askConfigurations, type ConfigurationsAnswer } from './configurations-question.ts';
import type { EndpointTrust } from './endpoint.ts';
import { nextPollMs } from './poll-schedule.ts';
import type { ApplyConfigurations, RefusedRule, RuleFeed, RuleFeedStatus } from './rule-feed.ts';

export interface HandlerFeedOptions {
  readonly host: Host;
  readonly tokens: AccessTokens;
  /** Of the machine's token; see `controlAudienceOf`. */
  readonly audience: string;
  /** Base URL of the control plane. */
  readonly endpoint: string;
  readonly trust: EndpointTrust;
  readonly machine: { readonly resourceId: string; readonly region: string };
  readonly platform: 'linux' | 'windows';
  /** `dcr-agent/<version> (linux; x64)` */
  readonly userAgent: string;
  readonly stateDir: string;
  readonly pollIntervalMs: number;
}

export function createHandlerFeed(options: HandlerFeedOptions): RuleFeed {
  return new HandlerFeed(options);
}

class HandlerFeed implements RuleFeed {
  readonly #options: HandlerFeedOptions;
  readonly #cache: ConfigurationCache;
  readonly #alarm: Alarm;
  #apply: ApplyConfigurations = async () => {};
  #running: readonly AgentConfiguration[] | undefined;
  /** Of the answer that is in force, from the endpoint that gave it. */
  #eTag: string | undefined;
  #activeEndpoint: string;
  /** Where the machine was sent to last, other than the configured one. */
  #otherEndpoint: string | undefined;
  #failures = 0;
  /** Every answer says the same again; once is enough until one is faultless. */
  readonly #warned = new Set<string>();
  /** Of the last answer. */
  #refused: readonly RefusedRule[] = [];
  #lastSuccessAtMs: number | null = null;
  #lastFailure: { atMs: number; reason: string } | null = null;
  #nextAtMs: number | null = null;

  constructor(options: HandlerFeedOptions) {
    this.#options = options;
    this.#cache = new ConfigurationCache(options.stateDir, options.host.log);
    this.#alarm = new Alarm(options.host.clock);
    this.#activeEndpoint = options.endpoint;
  }

  async run(apply: ApplyConfigurations, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.host;
    this.#apply = apply;
    await this.#startFromCache();
    while (!signal.aborted) {
      this.#nextAtMs = null;
      const waitMs = await this.#poll(signal);
      if (signal.aborted) break;
      this.#nextAtMs = clock.now() + waitMs;
      await this.#alarm.wait(waitMs, signal);
    }
  }

  poke(): void {
    this.#alarm.ring();
  }

  status(): RuleFeedStatus {
    return {
      kind: 'handler',
      endpoint: this.#options.endpoint,
      activeEndpoint: this.#activeEndpoint,
      lastSuccessAtMs: this.#lastSuccessAtMs,
      lastFailure: this.#lastFailure,
      nextAtMs: this.#nextAtMs,
      refused: this.#refused,
      configurations: (this.#running ?? []).map(({ configurationId: id, eTag }) => ({ id, eTag })),
    };
  }

  async #startFromCache(): Promise<void> {
    const { host, endpoint, machine } = this.#options;
    const cached = await this.#cache.load(machine.resourceId, endpoint);
    if (cached === undefined) return;
    try {
      await this.#apply(cached.configurations);
    } catch (error) {
      if (!isAgentError(error)) throw error;
      host.log.error({ reason: error.message }, 'the kept rules could not be put in force');
      return;
    }
    this.#running = cached.configurations;
    this.#useEndpoint(cached.activeEndpoint);
    const savedAt = new Date(cached.savedAtMs).toISOString();
    const rules = cached.configurations.length;
    host.log.info(
      { rules, savedAt },
      'the kept rules are in force until the control plane answers',
    );
  }

  /** One question and its consequences. Returns the wait until the next one. */
  async #poll(signal: AbortSignal): Promise<number> {
    const { host, pollIntervalMs } = this.#options;
    let retryAfterMs = 0;
    try {
      const answer = await askConfigurations(
        this.#options,
        { endpoint: this.#activeEndpoint, ...(this.#eTag !== undefined && { eTag: this.#eTag }) },
        signal,
      );
      if (signal.aborted) return 0;
      if (answer.kind === 'failed') {
        retryAfterMs = answer.retryAfterMs ?? 0;
        this.#fail(answer.reason);
      } else {
        await this.#take(answer);
        this.#succeed(answer.endpoint);
      }
    } catch (error) {
      if (!isAgentError(error)) throw error;
      if (!signal.aborted) this.#fail(error.message);
    }
    return nextPollMs(pollIntervalMs, this.#failures, retryAfterMs, host.random());
  }

  async #take(answer: Exclude<ConfigurationsAnswer, { kind: 'failed' }>): Promise<void> {
    if (answer.kind === 'unchanged') return;
    if (answer.kind === 'absent') {
      const facts = { reason: answer.reason, resourceId: this.#options.machine.resourceId };
      this.#warnOnce(
        facts,
        'the control plane has no rules for this machine; nothing is collected',
      );
      this.#refused = [];
      await this.#putInForce([], answer.endpoint);
      this.#eTag = undefined;
      return;
    }
    await this.#putInForce(this.#read(answer.json), answer.endpoint);
    this.#eTag = answer.eTag;
  }

  #read(json: unknown): readonly AgentConfiguration[] {
    const answer = parseAgentConfigurations(json);
    if (answer.findings.length === 0) this.#warned.clear();
    this.#refused = answer.findings.map(({ configurationId, reason }) => ({
      rule: configurationId ?? reason,
      reason,
    }));
    for (const { reason } of answer.findings) {
      this.#warnOnce({ reason }, 'a part of the answer is not used; what ran of it stays in force');
    }
    return withLastGood(answer, this.#running ?? []);
  }

  async #putInForce(next: readonly AgentConfiguration[], activeEndpoint: string): Promise<void> {
    const { host, endpoint, machine } = this.#options;
    if (this.#running !== undefined && isSameSet(this.#running, next)) return;
    await this.#apply(next);
    this.#running = next;
    await this.#cache.save({
      resourceId: machine.resourceId,
      endpoint,
      activeEndpoint,
      savedAtMs: host.clock.now(),
      configurations: next,
    });
    host.log.info({ rules: next.length, endpoint: activeEndpoint }, 'new rules are in force');
  }

  #succeed(endpoint: string): void {
    const { host } = this.#options;
    if (this.#failures > 0) host.log.info({ endpoint }, 'the control plane answers again');
    if (endpoint !== this.#activeEndpoint) {
      host.log.info({ endpoint }, 'this machine is served by another control endpoint');
    }
    this.#failures = 0;
    this.#lastFailure = null;
    this.#useEndpoint(endpoint);
    this.#lastSuccessAtMs = host.clock.now();
  }

  #useEndpoint(endpoint: string): void {
    this.#activeEndpoint = endpoint;
    if (endpoint !== this.#options.endpoint) this.#otherEndpoint = endpoint;
  }

  #fail(reason: string): void {
    const { host, endpoint } = this.#options;
    const isNew = this.#failures === 0 || this.#lastFailure?.reason !== reason;
    this.#failures += 1;
    this.#lastFailure = { atMs: host.clock.now(), reason };
    // An endpoint the machine was sent to may be gone, and the configured one may be closed to
    // it: they take turns until one answers.
    this.#activeEndpoint =
      this.#activeEndpoint === endpoint ? (this.#otherEndpoint ?? endpoint) : endpoint;
    this.#eTag = undefined;
    const facts = { reason, rules: this.#running?.length ?? 0 };
    if (isNew) host.log.warn(facts, 'rules cannot be fetched; those in force stay');
    else host.log.debug(facts, 'rules still cannot be fetched');
  }

  #warnOnce(facts: { readonly reason: string }, message: string): void {
    if (this.#warned.has(facts.reason)) return;
    this.#warned.add(facts.reason);
    this.#options.host.log.warn(facts, message);
  }
}
