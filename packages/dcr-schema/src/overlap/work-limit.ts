/** Bounds the work of one call, so that no set of rules, however large, holds up a program. */
export class WorkLimit {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  get isReached(): boolean {
    return this.#left <= 0;
  }

  /** False once there is nothing left. */
  take(steps = 1): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }
}
