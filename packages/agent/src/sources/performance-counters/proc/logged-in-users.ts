/** Who is logged in, from utmp. Source: utmp(5) and the C library's bits/utmp.h. */

/** Type of an entry that stands for somebody who is logged in. */
const USER_PROCESS = 7;
const USER_AT = 44;
const USER_BYTES = 32;

export interface LoggedInUsers {
  /** Sessions. */
  readonly users: number;
  /** People. */
  readonly uniqueUsers: number;
}

/**
 * Size of an entry: times in it are of 32 bits, but on 64-bit ARM, which never had programs of 32
 * bits to share the file with.
 */
export function utmpEntryBytes(architecture: string): number {
  return architecture === 'arm64' ? 400 : 384;
}

/** An entry that is cut off is passed over. */
export function countLoggedInUsers(utmp: Buffer, entryBytes: number): LoggedInUsers {
  let users = 0;
  const names = new Set<string>();
  for (let start = 0; start + entryBytes <= utmp.length; start += entryBytes) {
    if (utmp.readInt16LE(start) !== USER_PROCESS) continue;
    const name = utmp.toString('latin1', start + USER_AT, start + USER_AT + USER_BYTES);
    users += 1;
    names.add(name.split('\0', 1)[0] ?? '');
  }
  return { users, uniqueUsers: names.size };
}
