/**
 * How many uploads a lane may have at a time beyond its first, which needs nobody's leave: an
 * equal share of a number for all that are at work and do not fail. It bounds the agent's memory
 * and sockets, and services that hang can never starve the others.
 */
export class UploadShares {
  readonly #uploads: number;
  readonly #atWork = new Set<object>();

  constructor(uploads: number) {
    this.#uploads = uploads;
  }

  /** Of a lane that is at work. */
  get each(): number {
    return Math.floor(this.#uploads / Math.max(1, this.#atWork.size));
  }

  join(lane: object): void {
    this.#atWork.add(lane);
  }

  leave(lane: object): void {
    this.#atWork.delete(lane);
  }
}
