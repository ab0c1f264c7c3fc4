/**
 * What the agent tells operators in their workspaces: when a condition begins, when it ends, and
 * while it lasts at most once an hour. A few records are kept until there is somebody to take
 * them; what comes beyond that is counted.
 *
 * Bounds: a condition is told at most six times an hour, however often it comes and goes, and what
 * was told last is put right when the hour has room again; 200 conditions are known at a time, and
 * 100 records wait.
 */
import type { Clock } from '../host/clock.ts';
import type { OperationRecord } from '../record.ts';
import type { OperationQueue } from '../sources/operation/operation.ts';
import type { Condition } from './conditions.ts';

const WAITING_MAX = 100;
const KNOWN_MAX = 200;
const TELLINGS_PER_HOUR = 6;
const HOUR_MS = 3_600_000;
/** Something that is tried again may look well for a moment. */
const ABSENT_LOOKS = 2;

interface Known {
  /** As it was seen last. */
  readonly condition: Condition;
  /** When it began, epoch milliseconds. */
  sinceMs: number;
  isOn: boolean;
  /** Looks in a row that did not find it. */
  absent: number;
  /** What was told last: that it is so, or that it is over. */
  isToldOn: boolean;
  /** Monotonic, of the last hour and the last one. */
  toldAt: number[];
}

export class OperationsLog implements OperationQueue {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  #waiting: OperationRecord[] = [];
  #omitted = 0;
  #wake: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a condition holds, as far as it was looked at. */
  isOn(key: string): boolean {
    return this.#known.get(key)?.isOn ?? false;
  }

  /** All that holds now; what held before and is not among them is about to be over. */
  observe(conditions: readonly Condition[]): void {
    const present = new Map(this.#withinBounds(conditions).map((each) => [each.key, each]));
    for (const condition of present.values()) this.#see(condition);
    for (const [key, known] of this.#known) {
      if (!present.has(key) && ++known.absent >= ABSENT_LOOKS) known.isOn = false;
      this.#tellNews(known);
      if (!known.isOn && !known.isToldOn && !this.#isRecent(known.toldAt.at(-1))) {
        this.#known.delete(key);
      }
    }
  }

  async whenAny(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', this.#wake, { once: true });
    await promise;
    signal.removeEventListener('abort', this.#wake);
  }

  take(): readonly OperationRecord[] {
    const taken = this.#waiting;
    if (this.#omitted > 0) {
      const detail = `${this.#omitted} more messages of the agent could not be kept; \`dcr-agent status\` shows what is wrong now`;
      taken.push({ atMs: this.#clock.now(), status: 'Warning', category: 'Agent', detail });
    }
    this.#waiting = [];
    this.#omitted = 0;
    return taken;
  }

  /** Known ones, and as many new ones as there is room for. */
  #withinBounds(conditions: readonly Condition[]): readonly Condition[] {
    const isKnown = ({ key }: Condition): boolean => this.#known.has(key);
    const fresh = conditions.filter((condition) => !isKnown(condition));
    const room = Math.max(0, KNOWN_MAX - this.#known.size);
    if (fresh.length <= room) return conditions;
    const beyond = tooMany(fresh.length - room);
    return [...conditions.filter(isKnown), ...fresh.slice(0, room), beyond];
  }

  #see(condition: Condition): void {
    const known = this.#known.get(condition.key);
    const isNew = known === undefined || !known.isOn;
    this.#known.set(condition.key, {
      condition,
      sinceMs: isNew ? this.#clock.now() : known.sinceMs,
      isOn: true,
      absent: 0,
      isToldOn: known?.isToldOn ?? false,
      toldAt: known?.toldAt ?? [],
    });
  }

  #tellNews(known: Known): void {
    const { condition, isOn, isToldOn, sinceMs } = known;
    const lastToldAt = known.toldAt.at(-1) ?? Number.NEGATIVE_INFINITY;
    const isDue = this.#clock.monotonic() - lastToldAt >= condition.remindMs;
    if (isOn === isToldOn && !(isOn && isDue)) return;
    const recent = known.toldAt.filter((at) => this.#isRecent(at));
    if (recent.length >= TELLINGS_PER_HOUR) return;
    known.toldAt = [...recent, this.#clock.monotonic()];
    known.isToldOn = isOn;
    const { status, category, detail, ended } = condition;
    const since = new Date(sinceMs).toISOString();
    if (!isOn)
      this.#tell({
        status: 'Succeeded',
        category,
        detail: `${ended} (since ${since} it was: ${detail})`,
      });
    else
      this.#tell({
        status,
        category,
        detail: isToldOn ? `still, since ${since}: ${detail}` : detail,
      });
  }

  #tell(record: Omit<OperationRecord, 'atMs'>): void {
    if (this.#waiting.length < WAITING_MAX) {
      this.#waiting.push({ atMs: this.#clock.now(), ...record });
    } else this.#omitted += 1;
    this.#wake();
  }

  #isRecent(at: number | undefined): boolean {
    return at !== undefined && this.#clock.monotonic() - at < HOUR_MS;
  }
}

function tooMany(count: number): Condition {
  return {
    key: 'agent/more',
    status: 'Warning',
    category: 'Agent',
    detail: `${count} more conditions are not told one by one; \`dcr-agent status\` shows them`,
    ended: 'all conditions are told one by one again',
    remindMs: HOUR_MS,
  };
}
