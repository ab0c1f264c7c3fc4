/**
 * Faults on demand: an endpoint that throttles, fails, dawdles or hangs up, so that a sender's
 * behaviour can be watched. Administration itself is never affected.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ArmError } from './http/arm-error.ts';
import { pathOf } from './http/create-app.ts';
import type { ErrorCode } from './http/error-codes.ts';

export const FAULT_ENDPOINTS = [
  'ods',
  'logs-ingestion',
  'metrics',
  'agent-configurations',
  'ingestion-token',
  'identity',
] as const;

export interface Fault {
  /** One of `FAULT_ENDPOINTS`, or the beginning of a path. */
  readonly endpoint: string;
  /** Only requests to this workspace's `ods` endpoint. */
  readonly workspaceId?: string;
  /** The next so many requests. Absent: until deleted. */
  readonly requests?: number;
  /** Share of requests that are hit, 0 to 1; 1 when absent. */
  readonly probability?: number;
  /** Answered instead of what the endpoint would have said. */
  readonly status?: number;
  /** Value of `Retry-After`, seconds. */
  readonly retryAfter?: number;
  /** Waited before anything else. */
  readonly delayMs?: number;
  /** The connection is destroyed without an answer. */
  readonly reset?: boolean;
  /** Status or reset come after the request was carried out: its answer is lost, its effect not. */
  readonly afterEffect?: boolean;
}

export interface ActiveFault extends Fault {
  readonly id: number;
  /** How many requests it hit so far. */
  readonly hits: number;
}

/** The faults of one server, tried in the order they were set; the first that hits acts. */
export class Faults {
  readonly #random: () => number;
  #faults: ActiveFault[] = [];
  #lastId = 0;

  /** `random` yields numbers from 0 up to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  add(fault: Fault): ActiveFault {
    this.#lastId += 1;
    const active = { ...fault, id: this.#lastId, hits: 0 };
    this.#faults.push(active);
    return active;
  }

  list(): readonly ActiveFault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault this request meets, counted as a hit. */
  meet(path: string): ActiveFault | undefined {
    const endpoint = endpointOf(path);
    const fault = this.#faults.find(
      (candidate) => aims(candidate, endpoint, path) && this.#strikes(candidate),
    );
    if (fault === undefined) return undefined;
    const hit = { ...fault, hits: fault.hits + 1 };
    this.#faults = this.#faults.map((other) => (other === fault ? hit : other));
    return hit;
  }

  #strikes(fault: ActiveFault): boolean {
    if (fault.requests !== undefined && fault.hits >= fault.requests) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

function aims(fault: Fault, endpoint: string | undefined, path: string): boolean {
  const lower = path.toLowerCase();
  const isAimed = fault.endpoint.startsWith('/')
    ? lower.startsWith(fault.endpoint.toLowerCase())
    : fault.endpoint === endpoint;
  if (fault.workspaceId === undefined) return isAimed;
  return isAimed && lower.startsWith(`/ods/${fault.workspaceId.toLowerCase()}/`);
}

function endpointOf(path: string): (typeof FAULT_ENDPOINTS)[number] | undefined {
  const lower = path.toLowerCase();
  if (lower.startsWith('/ods/')) return 'ods';
  if (lower.startsWith('/datacollectionrules/')) return 'logs-ingestion';
  if (lower.startsWith('/metrics/')) return 'metrics';
  if (lower.endsWith('/agentconfigurations')) return 'agent-configurations';
  if (lower.endsWith('/issueingestiontoken')) return 'ingestion-token';
  return lower.includes('/metadata/identity/') ? 'identity' : undefined;
}

/** Lets every request but administration meet its fault, once its body has been read. */
export function registerFaults(app: FastifyInstance, faults: Faults): void {
  const afterwards = new WeakMap<FastifyRequest, ActiveFault>();
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  app.addHook('preHandler', async (request, reply) => {
    const path = pathOf(request);
    if (path.toLowerCase().startsWith('/admin/')) return;
    const fault = faults.meet(path);
    if (fault === undefined) return;
    request.log.info({ path, fault: fault.id }, 'fault injected');
    if (fault.delayMs !== undefined) await delay(fault.delayMs, closing.signal);
    if (fault.afterEffect === true) afterwards.set(request, fault);
    else act(fault, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = afterwards.get(request);
    if (fault === undefined) return payload;
    afterwards.delete(request);
    act(fault, reply);
    return payload;
  });
}

/** Ends early, without an error, when the server closes. */
async function delay(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch(() => {});
}

function act(fault: ActiveFault, reply: FastifyReply): void {
  if (fault.reset === true) {
    // Fastify then sees a reply that is already out of its hands.
    reply.hijack();
    reply.raw.destroy();
    return;
  }
  if (fault.status === undefined) return;
  throw new ArmError(codeOf(fault.status), `Fault ${fault.id} was injected on purpose.`, {
    status: fault.status,
    ...(fault.retryAfter !== undefined && { headers: { 'retry-after': String(fault.retryAfter) } }),
  });
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'TooManyRequests';
  return status === 503 ? 'ServiceUnavailable' : 'InjectedFault';
}
