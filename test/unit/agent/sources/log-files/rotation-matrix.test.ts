/**
 * Every line carries a number. Whatever is done to the files, with the agent running, stopped or
 * refused by its buffer in between, each number arrives exactly once.
 */
import assert from 'node:assert/strict';
import { appendFile, copyFile, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { FollowedFolder } from './followed-folder.ts';

type Step =
  | { readonly do: 'write'; readonly lines: number }
  | { readonly do: 'write half a line' }
  | { readonly do: 'write to the one before' }
  | { readonly do: 'rotate within the pattern' }
  | { readonly do: 'rotate out of the pattern' }
  | { readonly do: 'copy and truncate' }
  | { readonly do: 'delete and create' }
  | { readonly do: 'wait' }
  | { readonly do: 'restart'; readonly isLate: boolean }
  | { readonly do: 'refuse'; readonly afterBatches: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write'), lines: fc.nat(2500) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write half a line') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write to the one before') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate within the pattern') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate out of the pattern') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy and truncate') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete and create') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart'), isLate: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse'), afterBatches: fc.nat(3) }) },
) as fc.Arbitrary<Step>;

const PATTERN = 'app.log*';

/** A writer and its rotations, beside the folder that is followed. */
class Scenario {
  readonly folder: FollowedFolder;
  readonly #openFilesMax: number;
  #written = 0;
  #hasHalfLine = false;
  #isRunning = false;
  #rotations = 0;
  #before: string | undefined;

  constructor(folder: FollowedFolder, openFilesMax: number) {
    this.folder = folder;
    this.#openFilesMax = openFilesMax;
  }

  async run(steps: readonly Step[]): Promise<void> {
    await writeFile(this.#current, '');
    this.#start();
    for (const each of steps) await this.#take(each);
    await this.#write(1);
    await this.#settle();
    const expected = Array.from({ length: this.#written }, (_, i) => `line ${i}`);
    const arrived = this.folder.lines.toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
    assert.deepEqual(arrived, expected);
  }

  get #current(): string {
    return this.folder.file('app.log');
  }

  async #take(each: Step): Promise<void> {
    switch (each.do) {
      case 'write':
        return this.#write(each.lines);
      case 'write half a line':
        return this.#writeHalf();
      case 'write to the one before':
        return this.#writeToTheOneBefore();
      case 'rotate within the pattern':
        return this.#rotate(`app.log.${++this.#rotations}`);
      case 'rotate out of the pattern':
        // A file that came and went unseen, under a name nobody asked for, is not to be found.
        await this.#settle();
        return this.#rotate(`old.${++this.#rotations}`);
      case 'copy and truncate':
        await this.#finishLine();
        await this.#settle();
        await copyFile(this.#current, this.folder.file(`copy.${++this.#rotations}`));
        return truncate(this.#current);
      case 'delete and create':
        await this.#finishLine();
        await this.#settle();
        await unlink(this.#current);
        return writeFile(this.#current, '');
      case 'wait':
        return this.#settle();
      case 'restart':
        await this.#stop();
        return each.isLate ? undefined : this.#start();
      case 'refuse':
        await this.#stop();
        return this.#start(each.afterBatches);
    }
  }

  async #write(lines: number): Promise<void> {
    await this.#finishLine();
    const numbers = Array.from({ length: lines }, (_, i) => `line ${this.#written + i}\n`);
    this.#written += lines;
    await appendFile(this.#current, numbers.join(''));
  }

  async #writeHalf(): Promise<void> {
    await this.#finishLine();
    await appendFile(this.#current, 'line ');
    this.#hasHalfLine = true;
  }

  async #finishLine(): Promise<void> {
    if (!this.#hasHalfLine) return;
    await appendFile(this.#current, `${this.#written++}\n`);
    this.#hasHalfLine = false;
  }

  async #writeToTheOneBefore(): Promise<void> {
    if (this.#before !== undefined) await appendFile(this.#before, `line ${this.#written++}\n`);
  }

  async #rotate(name: string): Promise<void> {
    await this.#finishLine();
    this.#before = this.folder.file(name);
    await rename(this.#current, this.#before);
    await writeFile(this.#current, '');
  }

  async #settle(): Promise<void> {
    if (!this.#isRunning) this.#start();
    await this.folder.settle();
    if (!this.folder.hasEnded) return;
    this.#start();
    await this.folder.settle();
  }

  /** Batches after the first so many are refused, as by a buffer whose disk is full. */
  #start(batchesMax = Number.POSITIVE_INFINITY): void {
    let batches = 0;
    this.folder.start(PATTERN, { openFilesMax: this.#openFilesMax }, async () => {
      batches += 1;
      if (batches > batchesMax) throw new Error('refused');
    });
    this.#isRunning = true;
  }

  async #stop(): Promise<void> {
    await this.folder.stop();
    this.#isRunning = false;
  }
}

test('no rotation, restart or refusal loses or repeats a line', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, isTight) => {
      const folder = await FollowedFolder.create(t);
      await new Scenario(folder, isTight ? 1 : 100).run(steps);
      await folder.stop();
    }),
    { numRuns: Number(process.env.ROTATION_RUNS ?? 60) },
  );
});
