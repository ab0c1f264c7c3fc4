/**
 * When a source stops, its senders have been told that their connections end. One that looks for
 * that before it sends, as rsyslog does, or that waits for it, as syslog-ng does, closes its side
 * and keeps what is left. Until then it may have sent more, which the kernel would throw away with
 * the connection: so it is read first.
 */
import type { Clock } from '../../host/clock.ts';

/** Turns of the event loop without a byte or a connection after which the kernel has none. */
const QUIET_TURNS = 3;
/**
 * After so long without a byte, a sender that still has its connection has nothing to send, and
 * finds the connection ended when it has. Longer than one is kept from running between looking
 * and sending, also on a machine that is busy: 250 were too few for syslog-ng on one.
 */
const QUIET_MS = 1_000;
const LOOK_MS = 10;
/** Bounds for a sender that neither looks nor pauses. */
const READ_MS_MAX = 3_000;
const READ_BYTES_MAX = 64 * 1024 * 1024;
const ACCEPT_TURNS_MAX = 2_000;

export interface LastReads {
  readonly clock: Clock;
  /** While there is none, nothing is read. */
  whenRoom(): Promise<void>;
  /** Bytes so far. */
  received(): number;
  /** Somebody has not ended yet. */
  mayCome(): boolean;
}

/** Resolves when nothing more is to be waited for. */
export async function readToTheEnd(reads: LastReads): Promise<void> {
  const { clock } = reads;
  const bytesMax = reads.received() + READ_BYTES_MAX;
  let endsAtMs = clock.monotonic() + READ_MS_MAX;
  let quietSinceMs = clock.monotonic();
  let quietTurns = 0;
  while (reads.received() < bytesMax && clock.monotonic() < endsAtMs) {
    const waitsSinceMs = clock.monotonic();
    await reads.whenRoom();
    endsAtMs += clock.monotonic() - waitsSinceMs;
    const before = reads.received();
    await nextTurn();
    if (reads.received() !== before) {
      quietTurns = 0;
      quietSinceMs = clock.monotonic();
      continue;
    }
    quietTurns += 1;
    if (quietTurns < QUIET_TURNS) continue;
    if (!reads.mayCome() || clock.monotonic() - quietSinceMs >= QUIET_MS) return;
    await clock.sleep(LOOK_MS);
  }
}

/**
 * Resolves when the event loop has been to the sockets and the number of accepted connections is
 * what it was. Those that the kernel has made and nobody has accepted go with the listener, with
 * all that was sent on them, and a turn accepts one. Senders that never cease are not waited for.
 */
export async function untilSettled(acceptedCount: () => number): Promise<void> {
  let before = acceptedCount();
  for (let [turn, quietTurns] = [0, 0]; turn < ACCEPT_TURNS_MAX; turn++) {
    await nextTurn();
    quietTurns = acceptedCount() === before ? quietTurns + 1 : 0;
    if (quietTurns >= QUIET_TURNS) return;
    before = acceptedCount();
  }
}

/** Until the event loop has been to the sockets once more. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
