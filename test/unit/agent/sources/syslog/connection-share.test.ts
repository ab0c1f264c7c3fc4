import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ConnectionShare,
  type Member,
} from '../../../../../packages/agent/src/sources/syslog/connection-share.ts';

const NEVER = (): boolean => false;
const ALWAYS = (): boolean => true;

/** Members of senders called by a letter, used in this order. */
function shareOf(senders: string): {
  share: ConnectionShare<Member>;
  members: readonly Member[];
} {
  const share = new ConnectionShare<Member>();
  const members = [...senders].map((senderAddress, usedAtMs) => ({ senderAddress, usedAtMs }));
  for (const member of members) share.add(member);
  return { share, members };
}

test('the sender with most connections gives up the one it used the longest ago', () => {
  const { share, members } = shareOf('baacaa');
  assert.equal(share.givingWayTo('d', NEVER), members[1]);
  assert.equal(share.givingWayTo('b', NEVER), members[1]);
});

test('a sender at its fair share is refused as long as nothing is idle', () => {
  const { share } = shareOf('aabbc');
  assert.equal(share.givingWayTo('a', NEVER), undefined);
  assert.equal(share.givingWayTo('c', NEVER), undefined);
  assert.notEqual(share.givingWayTo('d', NEVER), undefined);
});

test('what is idle gives way first, but not to a sender that has as many', () => {
  const { share, members } = shareOf('cabab');
  assert.equal(share.givingWayTo('d', ALWAYS), members[0]);
  assert.equal(share.givingWayTo('a', ALWAYS), members[1]);
  assert.equal(share.givingWayTo('c', ALWAYS), members[0]);
});

test('a connection is removed once', () => {
  const { share, members } = shareOf('ab');
  assert.deepEqual([share.remove(members[0]!), share.remove(members[0]!)], [true, false]);
  assert.equal(share.count, 1);
});

test('senders that want any number of connections end with shares that differ by one at most', () => {
  const sender = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(
      fc.array(sender, { minLength: 60 }),
      fc.integer({ min: 4, max: 9 }),
      (asked, max) => {
        const share = new ConnectionShare<Member>();
        const open: Member[] = [];
        // At the end all of them ask often enough.
        for (const [i, senderAddress] of [...asked, ...'abcd'.repeat(max)].entries()) {
          if (share.count === max) {
            const leaving = share.givingWayTo(senderAddress, NEVER);
            if (leaving === undefined) continue;
            share.remove(leaving);
            open.splice(open.indexOf(leaving), 1);
          }
          const member = { senderAddress, usedAtMs: i };
          share.add(member);
          open.push(member);
        }
        const counts = [...'abcd'].map(
          (letter) => open.filter((m) => m.senderAddress === letter).length,
        );
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
        assert.equal(open.length, max);
      },
    ),
  );
});
