/** Gives back the disk that a backlog took, once it is delivered. */
import type { DatabaseSync } from 'node:sqlite';
import type { DiskQuota } from './disk-quota.ts';
import { PAGE_BYTES, pragma } from './schema.ts';

/**
 * Makes the file small when little of it is in use. Free pages are used again, so a file of much
 * use is left as it is. Writing the rest anew is cheap once that is little; moving it page by
 * page (`incremental_vacuum`) took seconds.
 */
export function shrinkFile(
  db: DatabaseSync,
  { walBytesMax }: Pick<DiskQuota, 'walBytesMax'>,
): void {
  const total = pragma(db, 'page_count');
  const free = pragma(db, 'freelist_count');
  const used = total - free;
  const allowance = walBytesMax / PAGE_BYTES;
  const isWorthwhile = free >= allowance / 2 && used <= allowance && used <= total / 4;
  if (isWorthwhile) db.exec('VACUUM; PRAGMA wal_checkpoint(PASSIVE)');
}
