import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEventFile } from '../../../../packages/agent/src/eventlog/event-file.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const XML = eventXml({ data: { A: 'b' } });

test('logs and event XML are told apart by their content', async () => {
  const folder = await temporaryFolder();
  const headless = writeEvtx([XML]).fill(0, 0, 8);
  const files = { log: writeEvtx([XML]), headless, xml: `<Events>${XML}</Events>`, empty: '' };
  const counts: Record<string, [events: number, damage: number]> = {};
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, content);
    counts[name] = [0, 0];
    for await (const { events, damage } of readEventFile(path)) {
      counts[name][0] += events.length;
      counts[name][1] += damage.length;
      for (const event of events) assert.match(event.xml(), /<Data Name="A">b<\/Data>/);
    }
  }
  assert.deepEqual(counts, { log: [1, 0], headless: [1, 1], xml: [1, 0], empty: [0, 1] });
});
