/**
 * The connections of one listener by their sender, and which of them gives way to a new one when
 * there are as many as there may be. No sender keeps others out by having many:
 *
 * - one that was idle for long gives way, if it is of a sender with more connections than the new
 *   one's has, or of the same sender;
 * - otherwise the sender with most connections, if it has two more than the new one's at least,
 *   gives up the one it used last the longest ago, whether it is in use or not.
 *
 * So a sender that is at its fair share is refused, and one with fewer always gets in.
 */

export interface Member {
  /** Empty for local sockets, all of which are one sender's. */
  readonly senderAddress: string;
  /** When it was made or last brought something, on the clock that only grows. */
  usedAtMs: number;
}

/** The connections of one sender, in the order of their last use. */
export type SenderConnections<M> = Set<M>;

export class ConnectionShare<M extends Member> {
  count = 0;
  readonly #bySender = new Map<string, SenderConnections<M>>();

  /** Returns all connections of its sender. */
  add(member: M): SenderConnections<M> {
    const { senderAddress } = member;
    const others = this.#bySender.get(senderAddress) ?? new Set();
    this.#bySender.set(senderAddress, others.add(member));
    this.count += 1;
    return others;
  }

  /** False for one that is not there any more. */
  remove(member: M): boolean {
    const others = this.#bySender.get(member.senderAddress);
    if (others?.delete(member) !== true) return false;
    if (others.size === 0) this.#bySender.delete(member.senderAddress);
    this.count -= 1;
    return true;
  }

  /** Which one is to be closed for a new one of the sender; `undefined`: the new one. */
  givingWayTo(senderAddress: string, isIdle: (member: M) => boolean): M | undefined {
    const own = this.#bySender.get(senderAddress)?.size ?? 0;
    let idlest: M | undefined;
    let most: SenderConnections<M> | undefined;
    for (const [sender, members] of this.#bySender) {
      if (members.size > (most?.size ?? 0)) most = members;
      if (sender !== senderAddress && members.size <= own) continue;
      const [oldest] = members;
      if (oldest !== undefined && oldest.usedAtMs < (idlest?.usedAtMs ?? Number.POSITIVE_INFINITY))
        idlest = oldest;
    }
    if (idlest !== undefined && isIdle(idlest)) return idlest;
    return most !== undefined && most.size >= own + 2 ? most.values().next().value : undefined;
  }
}
