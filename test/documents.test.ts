/** What the documents point at is there: links, files they name, scripts they call. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const documents = globSync('**/*.md', { cwd: ROOT })
  .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** The heading's anchor, as forges make it. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\- ]/gu, '');
  return words.replaceAll(' ', '-');
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));
}

test('every link between documents leads somewhere', () => {
  assert.ok(documents.length > 10);
  const broken = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !/^https?:/.test(target) && !leadsSomewhere(path, text, target))
      .map((target) => `${path} → ${target}`),
  );
  assert.deepEqual(broken, []);
});

function leadsSomewhere(path: string, text: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const place = file === '' ? path : join(dirname(path), file);
  if (!existsSync(join(ROOT, place))) return false;
  if (anchor === undefined) return true;
  const there = file === '' ? text : readFileSync(join(ROOT, place), 'utf8');
  return anchorsOf(there).includes(anchor);
}

test('every file of the project that a document names is there', () => {
  // CONTRIBUTING.md names files that its reader is about to write.
  const present = documents.filter(({ path }) => path !== 'CONTRIBUTING.md');
  const named = present.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:test|packages|examples)\/[\w./-]+)`/g)].map(([, file]) => ({
      path,
      file: file as string,
    })),
  );
  assert.ok(named.length > 10);
  const missing = named.filter(({ file }) => !existsSync(join(ROOT, file)));
  assert.deepEqual(missing, []);
});

test('every script that a document calls exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const called = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name]) => ({ path, name: name as string })),
  );
  assert.ok(called.length > 3);
  assert.deepEqual(
    called.filter(({ name }) => !Object.hasOwn(scripts, name)),
    [],
  );
});

test('no document holds two versions of a passage', () => {
  const unresolved = documents.filter(({ text }) => /^(?:<{7}|>{7}) /m.test(text));
  assert.deepEqual(
    unresolved.map(({ path }) => path),
    [],
  );
});
