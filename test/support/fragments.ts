/** Fragments from records and back. */
import {
  createFragment,
  type Fragment,
  inflateFragment,
} from '../../packages/agent/src/fragment.ts';

export function encodeFragment(records: readonly unknown[]): Fragment {
  const json = records.map((record) => JSON.stringify(record)).join(',');
  return createFragment(Buffer.from(json), records.length);
}

export function decodeFragment(fragment: Fragment): unknown[] {
  return JSON.parse(`[${Buffer.from(inflateFragment(fragment)).toString()}]`);
}
