/**
 * Binary XML that cannot be decoded. Thrown only inside this folder: the reader turns it into
 * `Damage` at the border of one record.
 */
import type { DamageReason } from './damage.ts';

export class BinXmlError extends Error {
  readonly reason: DamageReason;

  constructor(message: string, reason: DamageReason = 'undecodable record') {
    super(message);
    this.name = 'BinXmlError';
    this.reason = reason;
  }
}
