/** Rows from stored values are, byte for byte, those from trees. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { scanEvtx } from '../../packages/agent/src/eventlog/evtx-scan.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { JsonBytes } from '../../packages/agent/src/pipeline/json-bytes.ts';
import { storedWindowsEventRow } from '../../packages/agent/src/pipeline/windows-event/stored/stored-windows-event-row.ts';
import { windowsEventRow } from '../../packages/agent/src/pipeline/windows-event/windows-event-row.ts';
import { corpusOptions, corpusPath } from '../support/corpus.ts';

const CONTEXT = { computer: 'collector', hostIp: '10.0.0.4', agentId: 'a1' };

test('every corpus event that has a stored row', corpusOptions('evtx'), (t) => {
  const templates = new TemplateCache();
  const writeStored = storedWindowsEventRow(CONTEXT);
  const out = new JsonBytes(16);
  let stored = 0;
  let events = 0;
  const folder = corpusPath('evtx');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.evtx'))) {
    for (const content of scanEvtx(`${folder}/${name}`, { templates })) {
      for (const event of content.events) {
        events++;
        out.truncate(0);
        if (!writeStored(out, event.instance)) {
          assert.equal(out.length, 0, 'nothing is left of what was begun');
          continue;
        }
        stored++;
        const expected = JSON.stringify(windowsEventRow(event, CONTEXT));
        assert.equal(out.content().toString(), expected, `${name} ${event.recordId}`);
      }
    }
  }
  t.diagnostic(`${stored} of ${events} rows made from stored values`);
  assert.ok(stored > events / 2);
});
