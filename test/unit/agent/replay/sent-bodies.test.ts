import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outlet } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import { joinFragments } from '../../../../packages/agent/src/fragment/join-fragments.ts';
import { createFragment, type Fragment } from '../../../../packages/agent/src/fragment.ts';
import { SentBodies } from '../../../../packages/agent/src/replay/sent-bodies.ts';

const GIG: Outlet = { flow: 'f', stream: 'Custom-A', protocol: 'gig', destinations: ['d'] };

function fragment(bytes: number, recordCount = 1): Fragment {
  return createFragment(Buffer.alloc(bytes, '{"a":1}'), recordCount);
}

test('a body is as long as the one that the agent makes of the same fragments', () => {
  const fragments = [fragment(700, 10), fragment(300, 5), fragment(20)];
  const text = new TextEncoder();
  const body = joinFragments({
    ...{ prefix: text.encode('['), suffix: text.encode(']') },
    ...{ fragments, wrapper: 'gzip' },
  });
  const bodies = new SentBodies(GIG);
  for (const each of fragments) bodies.add(each);
  assert.equal(bodies.bytes, body.byteLength);
  assert.equal(bodies.rawBytes, '[]'.length + 700 + 300 + 20 + 2);
  assert.deepEqual([bodies.requests, bodies.rows], [1, 16]);
});

test('what no longer fits into a megabyte begins a request', () => {
  const bodies = new SentBodies(GIG);
  for (let i = 0; i < 3; i++) bodies.add(fragment(400_000));
  assert.equal(bodies.requests, 2);
  const long = new SentBodies(GIG);
  for (let i = 0; i < 3; i++) long.add(fragment(900_000));
  assert.equal(long.requests, 3);
});

test('a request holds 20,000 records at most', () => {
  const bodies = new SentBodies(GIG);
  for (let i = 0; i < 3; i++) bodies.add(fragment(100, 10_000));
  assert.deepEqual([bodies.requests, bodies.rows], [2, 30_000]);
});

test('the envelope of a workspace endpoint counts', () => {
  const stream = 'LINUX_SYSLOGS_BLOB';
  const outlet: Outlet = { ...GIG, stream, protocol: 'ods', solution: 'LogManagement' };
  const bodies = new SentBodies(outlet);
  bodies.add(fragment(100));
  const guid = '00000000-0000-0000-0000-000000000000';
  const envelope = `{"DataType":"${stream}","IPName":"LogManagement","ManagementGroupId":"${guid}","sourceHealthServiceId":"${guid}","type":"JsonData","DataItems":[]}`;
  assert.equal(bodies.rawBytes, 100 + envelope.length);
});
