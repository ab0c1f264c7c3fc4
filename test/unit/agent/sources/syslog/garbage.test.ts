import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';
import { connectTcp, connectUnix, LOOPBACK, sendDatagrams, startSyslog } from './running-source.ts';

test('garbage on every socket neither stops the source nor spoils what others send', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'syslog.sock');
  const source = await startSyslog(t, { tcp: [LOOPBACK], udp: [LOOPBACK], unixStream: [path] });
  const [tcp, udp] = [source.described.tcp[0]!, source.described.udp[0]!];
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { maxLength: 8 });
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(chunks, fc.boolean(), async (garbage, isReset) => {
      for (const socket of [await connectTcp(tcp), await connectUnix(path)]) {
        for (const chunk of garbage) socket.write(chunk);
        if (isReset && socket.remoteAddress !== undefined) socket.resetAndDestroy();
        else socket.end();
      }
      await sendDatagrams(udp, garbage);
      sent += 1;
      const good = await connectTcp(tcp);
      good.end(`<13>good ${sent}\n`);
      await until('the good one is there', () => source.messages().includes(`good ${sent}`));
    }),
    { numRuns: 60 },
  );
  await until('all connections are closed', () => source.described.connections === 0);
  await source.stop();
  const good = source.messages().filter((message) => /^good \d+$/.test(message));
  assert.deepEqual(
    good,
    Array.from({ length: sent }, (_, i) => `good ${i + 1}`),
  );
  assert.deepEqual(source.host.log.entries, []);
});

test('a sender that stops in the middle of a frame holds up nobody', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const tcp = source.described.tcp[0]!;
  const slow = await connectTcp(tcp);
  slow.write('99999 <13>never');
  const good = await connectTcp(tcp);
  good.end('<13>good\n');
  await until('the good one is there', () => source.messages().includes('good'));
  slow.destroy();
  await until('the slow one is kept as far as it came', () => source.records.length === 2);
  await source.stop();
  assert.deepEqual(source.messages(), ['good', 'never']);
});
