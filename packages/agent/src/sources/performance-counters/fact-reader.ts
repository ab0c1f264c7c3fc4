/** Reads the facts that counters need of a running kernel, each file once. */
import { readdirSync } from 'node:fs';
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../../host/clock.ts';
import type { Fact, Facts, NetworkInterface } from './facts.ts';
import type { FileSystemSpaces } from './file-system-spaces.ts';
import { parseCpuTimes } from './proc/cpu-times.ts';
import { parseDiskCounters } from './proc/disk-counters.ts';
import { parseKernelUnits, USUAL_UNITS } from './proc/kernel-units.ts';
import { countLoggedInUsers, utmpEntryBytes } from './proc/logged-in-users.ts';
import { fileSystems, parseMountInfo } from './proc/mounts.ts';
import { parseNamedNumbers } from './proc/named-numbers.ts';
import { parseNetworkCounters } from './proc/network-counters.ts';
import { type ProcessTimes, parseProcessTimes } from './proc/process-times.ts';
import { parseLoadAverages, parseUptime } from './proc/system-load.ts';
import { ProcFiles } from './proc-files.ts';

export interface MachineFolders {
  /** `/proc` */
  readonly proc: string;
  /** `/sys` */
  readonly sys: string;
  /** `/run/utmp` */
  readonly utmp: string;
}

export interface FactReaderOptions {
  readonly folders: MachineFolders;
  readonly spaces: FileSystemSpaces;
  readonly clock: Clock;
}

/** Processes that are read before others of the agent get their turn; a millisecond or two. */
const PROCESSES_AT_ONCE = 200;

export interface ReadFacts {
  readonly facts: Facts;
  /** Why something could not be read, by path. */
  readonly leftOut: ReadonlyMap<string, string>;
}

export class FactReader {
  readonly #options: FactReaderOptions;
  readonly #files = new ProcFiles();
  #leftOut = new Map<string, string>();

  constructor(options: FactReaderOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be read is left out, and said. One call at a time. */
  async read(needs: ReadonlySet<Fact>): Promise<ReadFacts> {
    this.#leftOut = new Map();
    const { proc } = this.#options.folders;
    const facts: { -readonly [F in Fact]?: Facts[F] } = {};
    const read = <F extends Fact>(fact: F, file: string, parse: (text: string) => Facts[F]) => {
      if (needs.has(fact)) facts[fact] = this.#parsed(`${proc}/${file}`, parse);
    };
    read('cpuTimes', 'stat', parseCpuTimes);
    read('memory', 'meminfo', parseNamedNumbers);
    read('paging', 'vmstat', parseNamedNumbers);
    read('disks', 'diskstats', parseDiskCounters);
    read('load', 'loadavg', parseLoadAverages);
    read('uptimeSeconds', 'uptime', parseUptime);
    read('interfaces', 'net/dev', (text) => this.#interfaces(text));
    read('mounts', 'self/mountinfo', (text) => fileSystems(parseMountInfo(text)));
    if (needs.has('units')) facts.units = this.#units();
    if (needs.has('users')) facts.users = this.#users();
    if (needs.has('processes')) facts.processes = await this.#processes();
    if (needs.has('spaces')) facts.spaces = await this.#spaces(facts);
    return { facts, leftOut: this.#leftOut };
  }

  #parsed<T>(path: string, parse: (text: string) => T): T | undefined {
    try {
      return parse(this.#files.text(path));
    } catch (error) {
      this.#leftOut.set(path, reasonOf(error));
      return undefined;
    }
  }

  async #spaces({ mounts = [] }: Facts): Promise<Facts['spaces']> {
    const { spaces, clock } = this.#options;
    const read = await spaces.read(mounts, clock);
    for (const [mountPoint, reason] of read.leftOut) this.#leftOut.set(mountPoint, reason);
    return read.spaces;
  }

  #interfaces(text: string): readonly NetworkInterface[] {
    const { sys } = this.#options.folders;
    const virtual = new Set(namesIn(`${sys}/devices/virtual/net`));
    return parseNetworkCounters(text)
      .filter(({ name }) => name !== 'lo')
      .map((counters) => ({
        counters,
        isUp: this.#isUp(`${sys}/class/net/${counters.name}/flags`),
        isVirtual: virtual.has(counters.name),
      }));
  }

  /** IFF_UP. Where /sys is hidden, nothing says that an interface is down. */
  #isUp(path: string): boolean {
    try {
      return (Number(this.#files.text(path)) & 1) === 1;
    } catch {
      return true;
    }
  }

  #units(): Facts['units'] {
    try {
      return parseKernelUnits(this.#files.bytes(`${this.#options.folders.proc}/self/auxv`));
    } catch {
      return USUAL_UNITS;
    }
  }

  /** Systems without utmp count no users. */
  #users(): Facts['users'] {
    const entryBytes = utmpEntryBytes(process.arch);
    try {
      return countLoggedInUsers(this.#files.bytes(this.#options.folders.utmp), entryBytes);
    } catch {
      return { users: 0, uniqueUsers: 0 };
    }
  }

  async #processes(): Promise<ReadonlyMap<number, ProcessTimes>> {
    const { proc } = this.#options.folders;
    const processes = new Map<number, ProcessTimes>();
    let count = 0;
    for (const name of namesIn(proc)) {
      if (!/^\d+$/.test(name)) continue;
      count += 1;
      if (count % PROCESSES_AT_ONCE === 0) await nextTurn();
      const times = this.#processTimes(`${proc}/${name}/stat`);
      if (times !== undefined) processes.set(Number(name), times);
    }
    return processes;
  }

  /** One that has ended meanwhile is not there. */
  #processTimes(path: string): ProcessTimes | undefined {
    try {
      return parseProcessTimes(this.#files.text(path));
    } catch {
      return undefined;
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
