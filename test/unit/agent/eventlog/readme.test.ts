import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DAMAGE_REASONS } from '../../../../packages/agent/src/eventlog/damage.ts';
import type { EvtxPosition } from '../../../../packages/agent/src/eventlog/evtx-position.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { EvtxAppender } from '../../../support/evtx-writer/evtx-appender.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const FOLDER = new URL('../../../../packages/agent/src/eventlog/', import.meta.url);
const README = readFileSync(new URL('README.md', FOLDER), 'utf8');

type PrintNews = (
  path: string,
  position: EvtxPosition | null,
  print: (line: string) => void,
) => Promise<EvtxPosition | null>;

test('the table of damage is the catalogue', () => {
  const rows = [...README.matchAll(/^\| `([a-z ]+)` \| (.+) \|$/gm)].map(([, reason, text]) => [
    reason,
    text,
  ]);
  assert.deepEqual(rows, Object.entries(DAMAGE_REASONS));
});

test('the example follows a log', async () => {
  const folder = await temporaryFolder();
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
  const module = join(folder, 'example.ts');
  await writeFile(module, code.replaceAll("from './", `from '${FOLDER.href}`));
  const { printNews } = (await import(pathToFileURL(module).href)) as { printNews: PrintNews };

  const path = join(folder, 'log.evtx');
  const log = new EvtxAppender(path);
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  log.append(eventXml(), eventXml());
  const position = await printNews(path, null, print);
  log.append(eventXml());
  assert.equal((await printNews(path, position, print))?.recordId, 3);
  assert.deepEqual(
    lines,
    [1, 2, 3].map((id) => `${id} 2025-06-08T07:12:52.1635583Z Event`),
  );
});
