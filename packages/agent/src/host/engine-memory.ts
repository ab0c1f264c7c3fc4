/**
 * What V8 keeps of memory, for a process that mostly waits and sometimes works hard. Its own
 * rules are made for programs that do one of the two.
 *
 * Source: the options that `node --v8-options` lists (Node 24), and measured resident sets.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Without work for so long, a process may stop for the time a thorough collection takes. */
const QUIET_MS = 10_000;
/** A heap that has grown by less since the last one is not worth a thorough collection. */
const GROWTH_BYTES_MIN = 4_000_000;
/** V8's default. */
const BYTECODE_OLD_AGE = 6;

type CollectGarbage = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

let isOptimizing = true;
let quietTimer: NodeJS.Timeout | undefined;
let heapBytes = 0;

/**
 * For a process at its start. Until there is work nothing is optimised: to wait takes no speed,
 * and what the optimising compilers touch takes 8 MB.
 *
 * Young objects, of which there are few here, get no more room than at
 * the start: under load V8 would make it thirty times as much, and keep it. Old ones are collected
 * once they have grown by a fifth: by itself it would let them double, and what little lives here
 * is walked quickly.
 *
 * The WebAssembly of libraries stays as the quick compiler makes it: optimising the parser of HTTP
 * answers takes 23 MB for a moment, of which 12 stay. It keeps this from its first use on; loading
 * a kernel ends it for what comes later.
 */
export function startLean(): void {
  setFlagsFromString('--wasm-tiering-budget=2000000000');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
  setOptimizing(false);
  waitForQuiet();
}

/** A source has handed over records, not just a sign of life: what takes long has to wait. */
export function noteWork(): void {
  if (!isOptimizing) setOptimizing(true);
  waitForQuiet();
}

function setOptimizing(value: boolean): void {
  isOptimizing = value;
  for (const compiler of ['maglev', 'turbofan']) {
    setFlagsFromString(`--${value ? '' : 'no-'}${compiler}`);
  }
}

function waitForQuiet(): void {
  clearTimeout(quietTimer);
  quietTimer = setTimeout(releaseMemory, QUIET_MS).unref();
}

/** The last resort also gives back the room that is kept for what is young. */
function releaseMemory(): void {
  if (getHeapStatistics().total_heap_size - heapBytes < GROWTH_BYTES_MIN) return;
  // Code that does not run between two of its rounds is compiled again if it is ever needed,
  // which is most of what starts up. While there is work, V8 is more patient.
  setFlagsFromString('--bytecode-old-age=1');
  setFlagsFromString('--flush-baseline-code');
  exposedCollection()({ type: 'major', flavor: 'last-resort' });
  setFlagsFromString(`--bytecode-old-age=${BYTECODE_OLD_AGE}`);
  setFlagsFromString('--no-flush-baseline-code');
  heapBytes = getHeapStatistics().total_heap_size;
}

/** What it takes is not left behind for others. */
function exposedCollection(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as CollectGarbage;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
