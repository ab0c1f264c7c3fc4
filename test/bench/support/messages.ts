/**
 * RFC 5424 messages as machines send them, some 250 bytes each: log-ins, firewall lines, CEF,
 * access logs, mail, with quotes, backslashes, tabs and letters beyond ASCII among them. Every
 * tenth one is kept by a rule that asks for warnings of `auth`. Always the same ones.
 */

import { closeSync, openSync, writeSync } from 'node:fs';

const DIGITS = 10;
const MESSAGES = 20_000;

export interface RenderedMessages {
  readonly bytes: Buffer;
  /** Where each message ends in `bytes`, its line feed included. */
  readonly ends: readonly number[];
  /** Where the ten digits of its number begin. */
  readonly numbersAt: readonly number[];
}

export function renderMessages(framing: 'newline' | 'plain lines'): RenderedMessages {
  const random = generator(88_172_645);
  const parts: Buffer[] = [];
  const ends: number[] = [];
  const numbersAt: number[] = [];
  let length = 0;
  for (let i = 0; i < MESSAGES; i++) {
    const text = framing === 'newline' ? message(i, random) : lineOf(i, random);
    const line = Buffer.from(`${text} seq=${'0'.repeat(DIGITS)}\n`);
    parts.push(line);
    length += line.length;
    ends.push(length);
    numbersAt.push(length - 1 - DIGITS);
  }
  return { bytes: Buffer.concat(parts), ends, numbersAt };
}

/** Part of a pool of messages, numbered on from `first`. */
export function numbered(
  { bytes, ends, numbersAt }: RenderedMessages,
  first: number,
  count: number,
): { slice: Buffer; count: number } {
  const from = first % ends.length;
  const to = Math.min(from + count, ends.length);
  const start = from === 0 ? 0 : ends[from - 1]!;
  const slice = Buffer.from(bytes.subarray(start, ends[to - 1]));
  for (let i = from; i < to; i++) {
    let number = first + i - from;
    for (let at = numbersAt[i]! - start + DIGITS - 1; number > 0; at--) {
      slice[at] = 0x30 + (number % 10);
      number = Math.floor(number / 10);
    }
  }
  return { slice, count: to - from };
}

/** A file of numbered lines. */
export function writeLines(path: string, lines: number): void {
  const rendered = renderMessages('plain lines');
  const file = openSync(path, 'w');
  for (let written = 0; written < lines; ) {
    const { slice, count } = numbered(rendered, written, Math.min(2_000, lines - written));
    writeSync(file, slice);
    written += count;
  }
  closeSync(file);
}

type Random = (below: number) => number;

/** Marsaglia's xorshift with 32 bits. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const USERS = ['root', 'admin', 'deploy', 'm.keller', 'svc-backup', 'joão', 'git', 'postgres'];
const PATHS = ['/api/v2/orders', '/login', '/static/app.4f2a.js', '/search?q=blue+shoes&page=2'];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Firefox/115.0', 'curl/7.88.1'];

interface Body {
  readonly app: string;
  readonly priority: number;
  readonly text: string;
}

function message(i: number, random: Random): string {
  const { app, priority, text } = body(i, random);
  const time = new Date(Date.UTC(2025, 10, 20) + i).toISOString().replace('Z', '123Z');
  const host = `srv-${random(2) === 0 ? 'web' : 'db'}-${random(200)}`;
  const data = random(4) === 0 ? `[meta sequenceId="${i}" sysUpTime="${random(9e7)}"]` : '-';
  return `<${priority}>1 ${time} ${host} ${app} ${300 + random(64_000)} - ${data} ${text}`;
}

/** As programs write their own logs: the same without priority. */
function lineOf(i: number, random: Random): string {
  return message(i, random).replace(/^<\d+>1 /, '');
}

function body(i: number, random: Random): Body {
  const pick = (of: readonly string[]): string => of[random(of.length)]!;
  const ip = (): string => `10.${random(40)}.${random(256)}.${1 + random(254)}`;
  const port = (): number => 1024 + random(64_000);
  if (i % 10 === 0) {
    const text = `Failed password for ${pick(USERS)} from ${ip()} port ${port()} ssh2`;
    return { app: 'sshd', priority: 36, text };
  }
  switch (random(6)) {
    case 0:
      return {
        app: 'kernel',
        priority: 6,
        text: `[${random(1e6)}.${random(1e6)}] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:${random(90)}:11:9c SRC=${ip()} DST=${ip()} LEN=${random(1400)} TOS=0x00 PREC=0x00 TTL=${random(200)} ID=${random(65_536)} DF PROTO=TCP SPT=${port()} DPT=443 WINDOW=${random(65_535)} RES=0x00 SYN URGP=0`,
      };
    case 1:
    case 2:
      return {
        app: 'fw01',
        priority: 134,
        text: `CEF:0|Northwall|EdgeGate|7.2.5|${random(600)}|traffic:forward close|${random(10)}|rt=17636${random(1e8)} src=${ip()} dst=${ip()} spt=${port()} dpt=443 proto=TCP act=allow in=${random(5e5)} out=${random(9e4)} app=HTTPS suser=${pick(USERS)} cs1Label=policy cs1=lan-to-wan-${random(40)} cn1=${random(2e9)} msg=Session \\| ended: tcp-fin`,
      };
    case 3:
      return {
        app: 'nginx',
        priority: 190,
        text: `${ip()} - ${pick(USERS)} [20/Nov/2025:10:${10 + random(50)}:11 +0000] "GET ${pick(PATHS)} HTTP/1.1" 200 ${random(9e4)} "-" "${pick(AGENTS)}" rt=0.${random(1_000)}`,
      };
    case 4:
      return {
        app: 'postfix/smtp',
        priority: 22,
        text: `${random(1e9).toString(36)}: to=<${pick(USERS)}@example.net>, relay=mx${random(9)}.example.net[${ip()}]:25, delay=1.${random(99)}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9B1F3C20A7)`,
      };
    default:
      return {
        app: 'systemd',
        priority: 30,
        text: `docker: Scheduled restart job, restart counter is at ${random(500)}. C:\\ProgramData\\docker\t"quoted"`,
      };
  }
}
