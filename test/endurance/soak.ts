/** `npm run soak`: what the agent holds over a long while, and whether it grows. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessSample, trendOf } from './process-sample.ts';
import { runSoak } from './run-soak.ts';
import { exitOnSignals, numberOption, readArguments } from './script.ts';

const HELP = `Runs the agent under a steady load, two destinations, and samples every five seconds what it
holds. Ends with 1 when records are missing or wrong, or when memory or open files grow. Needs Linux.

Usage: npm run soak -- [options]
  --minutes N            how long (30)
  --rate N               events a second, a quarter of them lines of a log that rotates (10000)
  --rss-mb N             most memory it may ever have (300)
  --rss-mb-per-hour N    most it may grow, judged over ten minutes or more (40)
  --handles N            most open files it may gain after warming up (16)
  --help

Example: npm run soak -- --minutes 3 --rate 5000
`;

/** The first part is not judged: code is compiled and pools fill. */
const WARM_UP_SHARE = 0.2;
const WARM_UP_SECONDS_MAX = 300;
/** A shorter slope says more about the collector of garbage than about a leak. */
const SLOPE_SECONDS_MIN = 600;

const NAMES = ['minutes', 'rate', 'rss-mb', 'rss-mb-per-hour', 'handles'];
const values = readArguments(HELP, NAMES);
const minutes = numberOption(values.minutes, 30);
const rate = numberOption(values.rate, 10_000);
const rssMax = numberOption(values['rss-mb'], 300);
const rssPerHourMax = numberOption(values['rss-mb-per-hour'], 40);
const handlesMax = numberOption(values.handles, 16);

exitOnSignals();
const folder = await mkdtemp(join(tmpdir(), 'dcr-soak-'));
let count = 0;
const report = await runSoak({
  folder,
  minutes,
  rate,
  onSample: (sample) => {
    if (count++ % 12 === 0) process.stdout.write(`${sampleText(sample)}\n`);
  },
});

const seconds = report.samples.at(-1)!.seconds;
const warmUp = Math.min(seconds * WARM_UP_SHARE, WARM_UP_SECONDS_MAX);
const warm = report.samples.filter((sample) => sample.seconds > warmUp);
const rss = trendOf(warm, ({ rssMegabytes }) => rssMegabytes);
const handles = trendOf(warm, (sample) => sample.handles);
const state = trendOf(warm, ({ stateMegabytes }) => stateMegabytes);
const gained = handles.max - warm[0]!.handles;
const isLong = seconds - warmUp >= SLOPE_SECONDS_MIN;
const rssPeak = Math.max(...report.samples.map(({ rssMegabytes }) => rssMegabytes));

const broken = [...report.violations];
if (rssPeak > rssMax) broken.push(`${rssPeak.toFixed(0)} MB of memory, over ${rssMax}`);
if (isLong && rss.perHour > rssPerHourMax) {
  broken.push(`memory grows by ${rss.perHour.toFixed(1)} MB/h, over ${rssPerHourMax}`);
}
if (gained > handlesMax) broken.push(`${gained} more open files, over ${handlesMax}`);

const { messages, lines } = report.written;
const total = messages + lines;
process.stdout.write(`
${(seconds / 60).toFixed(1)} minutes, ${(total / seconds).toFixed(0)} events/s: ${messages} messages, ${lines} lines, to two destinations
CPU                ${((report.cpuSeconds / total) * 1e6).toFixed(1)} s per million events
after ${warmUp.toFixed(0)} s of warming up:
  memory           ${rss.max.toFixed(0)} MB at most, ${perHour(rss.perHour, 'MB')}${isLong ? '' : ' (too short to judge)'}; ${rssPeak.toFixed(0)} MB at most in all
  open files       ${handles.max} at most, ${perHour(handles.perHour, 'files')}
  state directory  ${state.max.toFixed(1)} MB at most, ${perHour(state.perHour, 'MB')}
`);
if (broken.length === 0) {
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write('Nothing grew, nothing was lost.\n');
} else {
  process.stdout.write(`BROKEN (everything is kept in ${folder}):\n`);
  process.stdout.write(broken.map((line) => `  ${line}\n`).join(''));
  process.exitCode = 1;
}

function sampleText({ seconds: at, rssMegabytes, handles: open, stateMegabytes }: ProcessSample) {
  return `${at.toFixed(0).padStart(5)} s  ${rssMegabytes.toFixed(0)} MB  ${open} files  ${stateMegabytes.toFixed(1)} MB of state`;
}

function perHour(slope: number, unit: string): string {
  return `${slope >= 0 ? '+' : ''}${slope.toFixed(1)} ${unit}/h`;
}
