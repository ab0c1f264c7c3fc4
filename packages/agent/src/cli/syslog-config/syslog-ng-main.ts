/** What a drop-in has to know of syslog-ng's main configuration. Pure. */
import { blockEnd, withoutComments, withoutStrings } from './plain-text.ts';

export interface SyslogNgMain {
  /** Of `@version`, which may be that of the program; `undefined` where there is none. */
  readonly version: readonly [major: number, minor: number] | 'current' | undefined;
  /** Names of sources that read the messages of this machine, in the order of the file. */
  readonly localSources: readonly string[];
  /** Names of all sources. */
  readonly sources: readonly string[];
}

const VERSION = /^[ \t]*@version:[ \t]*(?:(\d+)\.(\d+)|current)/m;
const SOURCE = /\bsource\s+"?([\w.-]+)"?\s*\{/g;
const OF_THIS_MACHINE = /\b(?:system|unix-dgram|unix-stream|systemd-syslog|systemd-journal)\s*\(/;

/** `text` of the file, without those it includes. */
export function readSyslogNgMain(text: string): SyslogNgMain {
  const plain = withoutComments('syslog-ng', text);
  const bare = withoutStrings('syslog-ng', plain);
  const version = VERSION.exec(plain);
  const named = [...plain.matchAll(SOURCE)]
    .filter(({ index }) => bare.startsWith('source', index))
    .map(({ 1: name = '', index }) => ({ name, body: bare.slice(index, blockEnd(bare, index)) }));
  return {
    version: versionOf(version),
    localSources: named.filter(({ body }) => OF_THIS_MACHINE.test(body)).map(({ name }) => name),
    sources: named.map(({ name }) => name),
  };
}

function versionOf(match: RegExpExecArray | null): SyslogNgMain['version'] {
  if (match === null) return undefined;
  return match[1] === undefined ? 'current' : [Number(match[1]), Number(match[2])];
}

/** `disk-buffer` came with 3.8 (2016), and templates as written here with 3.3. */
const VERSION_MIN = [3, 8] as const;

/**
 * The source to forward: the one that is asked for, or the one of this machine's messages if
 * there is only one. Throws a sentence for people where it cannot be known, or the version is too
 * old. `path` is for that sentence.
 */
export function sourceToForward(main: SyslogNgMain, path: string, asked?: string): string {
  const { version, localSources, sources } = main;
  if (version === undefined) {
    throw new Error(`${path} has no line @version: 3.… and so is no syslog-ng configuration`);
  }
  if (version !== 'current' && isTooOld(version)) {
    const needed = VERSION_MIN.join('.');
    throw new Error(
      `${path} is of version ${version.join('.')}; the queue on disk needs ${needed} or newer`,
    );
  }
  // It may well be in a file that is included.
  if (asked !== undefined) return asked;
  const [only, ...others] = localSources;
  if (only === undefined) {
    const known = sources.length === 0 ? 'no source' : `only ${sources.join(', ')}`;
    throw new Error(
      `${path} has no source that reads this machine's messages (${known}); name one with --source`,
    );
  }
  if (others.length > 0) {
    throw new Error(
      `${path} has several sources of this machine's messages: ${localSources.join(', ')}; ` +
        'name the one to forward with --source',
    );
  }
  return only;
}

function isTooOld([major, minor]: readonly [number, number]): boolean {
  return major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1]);
}
