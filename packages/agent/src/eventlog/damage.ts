/**
 * What a reader had to skip. Damage is normal input for a log reader: it is handed over beside
 * the events, never thrown.
 */

/** The catalogue. The words are stable: they end up in counters and never contain data. */
export const DAMAGE_REASONS = {
  'file signature': 'The file does not begin like an event log.',
  'chunk signature': 'A slot of 64 KiB begins like no chunk and is not empty; it is skipped.',
  'damaged record': 'Bytes between records that are no record.',
  'torn record': 'A record of which only a part was written; nothing could be made of it.',
  'incomplete record': 'Such a record whose event is handed over with the values that are there.',
  'undecodable record': 'A whole record whose content cannot be decoded.',
  'oversized record': 'A record whose content would grow beyond every limit when written out.',
  'duplicate record': 'A record whose identifier was seen before; the first is kept.',
  'overwritten records': 'Records were overwritten or cleared before they were read.',
  'restarted log': 'The log was cleared and counts from the beginning again; it is read anew.',
  'position lost': 'The last record read is not in the log any more, nor is anything newer.',
  'wrong checksum': 'A checksum says that bytes changed; what can be read of them is read.',
  'malformed event': 'Event XML that is not well-formed, or text that is no event.',
  'oversized event': 'Event XML that is longer than is read as one event.',
  'empty file': 'There is nothing in the file.',
  'cut file': 'The file ends before the log it holds does; what is there is read.',
  'no event log': 'The file neither begins like an .evtx file nor has an event in XML.',
  'piped log': 'An .evtx file in a pipe, from which only event XML can be read.',
} as const;

export type DamageReason = keyof typeof DAMAGE_REASONS;

export interface Damage {
  /** Byte offset in the file. */
  readonly offset: number;
  /** Bytes concerned; 0 where the reason is about the whole log. */
  readonly length: number;
  readonly reason: DamageReason;
  /** One more phrase for a person, such as what was expected. Contains no values of events. */
  readonly detail?: string;
}
