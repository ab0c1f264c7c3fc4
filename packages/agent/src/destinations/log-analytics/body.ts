/**
 * Request bodies. Destinations that get the same batch at the same time, which is the rule while
 * all are well, share one.
 */
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import { type Fragment, type Join, joinFragments } from '../../fragment.ts';

type Envelope = Omit<Join, 'fragments'>;

interface Body {
  readonly envelope: Envelope;
  readonly bytes: Uint8Array;
}

/** By what the buffer lends to all that ask at the same time. */
const bodies = new WeakMap<readonly Fragment[], Body>();

/** Must not be changed: others may be sending it too. */
export function bodyOf({ fragments }: SealedBatch, envelope: Envelope): Uint8Array {
  const known = bodies.get(fragments);
  if (known !== undefined && isSame(known.envelope, envelope)) return known.bytes;
  const bytes = joinFragments({ ...envelope, fragments });
  bodies.set(fragments, { envelope, bytes });
  return bytes;
}

function isSame(one: Envelope, other: Envelope): boolean {
  return (
    one.wrapper === other.wrapper &&
    Buffer.compare(one.prefix, other.prefix) === 0 &&
    Buffer.compare(one.suffix, other.suffix) === 0
  );
}
