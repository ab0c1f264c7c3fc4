/**
 * How much an evaluation may do. Templates can ask for exponentially much in a few lines, so
 * everything that grows is counted; past a bound all values are unknown and the end is near.
 */
import { TEMPLATE_LIMITS } from './limits.ts';

/** Counters of one evaluation, all templates inside it included. */
export class Budget {
  #values = 0;
  #steps = 0;
  #depth = 0;
  #deploymentDepth = 0;

  /** Counts what becomes part of the result. False: it is too much. */
  takeValues(count: number): boolean {
    this.#values += count;
    return this.#values <= TEMPLATE_LIMITS.valueCount;
  }

  /** Counts work. False: it is too much. */
  takeSteps(count: number): boolean {
    this.#steps += count;
    return this.#steps <= TEMPLATE_LIMITS.stepCount;
  }

  get isExhausted(): boolean {
    const { valueCount, stepCount } = TEMPLATE_LIMITS;
    return this.#values > valueCount || this.#steps > stepCount;
  }

  /** One level deeper, to be left again. False: too deep, and nothing is to be left. */
  enter(): boolean {
    if (this.#depth >= TEMPLATE_LIMITS.evaluationDepth) return false;
    this.#depth += 1;
    return true;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** The same of a deployment inside another one. */
  enterDeployment(): boolean {
    if (this.#deploymentDepth >= TEMPLATE_LIMITS.deploymentDepth) return false;
    this.#deploymentDepth += 1;
    return true;
  }

  leaveDeployment(): void {
    this.#deploymentDepth -= 1;
  }
}
