import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openSqliteStore } from '../../../../packages/handlers/src/store/sqlite-store.ts';
import type { StoredResource, TableAppend } from '../../../../packages/handlers/src/store/store.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function memory(t: TestContext) {
  const store = openSqliteStore(undefined);
  t.after(() => store.close());
  return store;
}

async function fileIn(): Promise<string> {
  const folder = await temporaryFolder();
  return join(folder, 'handlers.sqlite');
}

function resource(id: string, more: Partial<StoredResource> = {}): StoredResource {
  return {
    kind: 'rule',
    id,
    name: id.split('/').at(-1) ?? '',
    scope: id.slice(0, id.lastIndexOf('/')),
    immutableId: `immutable ${id}`,
    etag: 'e1',
    createdAtMs: 1,
    updatedAtMs: 1,
    body: '{}',
    ...more,
  };
}

function append(workspaceId: string, table: string, ...times: number[]): TableAppend {
  const rows = times.map((timeMs) => ({ timeMs, json: `{"t":${timeMs}}` }));
  return { workspaceId, table, shared: '{"s":1}', rows, droppedMembers: 1, nulledValues: 2 };
}

test('a resource is new once, then keeps its id, immutable id and creation time', async (t) => {
  const store = memory(t);
  const first = resource('/g/Rule');
  assert.deepEqual(await store.putResource(first), { resource: first, isNew: true });
  const same = { ...first, id: '/G/RULE', immutableId: 'x', createdAtMs: 2, updatedAtMs: 2 };
  assert.deepEqual(await store.putResource(same), { resource: first, isNew: false });
  const changed = { ...same, etag: 'e2', body: '{"a":1}' };
  assert.deepEqual((await store.putResource(changed)).resource, {
    ...first,
    etag: 'e2',
    body: '{"a":1}',
    updatedAtMs: 2,
  });
});

test('resources are found by id, immutable id, scope, scope below and target', async (t) => {
  const store = memory(t);
  const put = (id: string, more?: Partial<StoredResource>) => store.putResource(resource(id, more));
  await put('/s/g/a', { createdAtMs: 2 });
  await put('/s/g/b', { createdAtMs: 1 });
  await put('/s/g2/c');
  await put('/s/g/x', { kind: 'association', target: '/S/G/A' });
  const ids = async (filter: object) =>
    (await store.listResources({ kind: 'rule', ...filter })).map(({ id }) => id);
  assert.equal((await store.getResource('/S/G/A'))?.id, '/s/g/a');
  assert.equal(await store.getResource('/s/g/nothing'), undefined);
  assert.equal((await store.findResource('rule', 'immutable /s/g/a'))?.id, '/s/g/a');
  assert.equal(await store.findResource('workspace', 'immutable /s/g/a'), undefined);
  assert.deepEqual(await ids({}), ['/s/g/b', '/s/g2/c', '/s/g/a']);
  assert.deepEqual(await ids({ scope: '/S/g' }), ['/s/g/b', '/s/g/a']);
  assert.deepEqual(await ids({ scope: '/s' }), []);
  assert.deepEqual(await ids({ within: '/s' }), ['/s/g/b', '/s/g2/c', '/s/g/a']);
  assert.deepEqual(await ids({ within: '/s/g' }), ['/s/g/b', '/s/g/a'], '/s/g2 is not below');
  assert.deepEqual(await ids({ kind: 'association', target: '/s/g/a' }), ['/s/g/x']);
  assert.equal(await store.deleteResource('/S/G/a'), true);
  assert.equal(await store.deleteResource('/s/g/a'), false);
});

test('rows are read newest first, or as they arrived and on from there', async (t) => {
  const store = memory(t);
  await store.appendRows([append('w', 'T', 30, 10), append('w', 'Other', 99)]);
  await store.appendRows([append('w', 'T', 20, 20)]);
  const read = (more: object) =>
    store.readRows({ workspaceId: 'w', table: 'T', limit: 10, order: 'arrival', ...more });
  const times = async (more: object) => (await read(more)).map(({ timeMs }) => timeMs);
  assert.deepEqual(await times({ order: 'newest' }), [30, 20, 20, 10]);
  assert.deepEqual(await times({ order: 'newest', limit: 1 }), [30]);
  assert.deepEqual(await times({}), [30, 10, 20, 20]);
  const [, second] = await read({ limit: 2 });
  assert.deepEqual(await times({ after: second?.position }), [20, 20]);
  assert.deepEqual(await times({ workspaceId: 'v' }), []);
  assert.deepEqual((await read({ limit: 1 }))[0], {
    position: 1,
    timeMs: 30,
    json: '{"t":30}',
    shared: '{"s":1}',
  });
});

test('tables count what they received, and forget it with their workspace', async (t) => {
  const store = memory(t);
  await store.appendRows([append('w', 'T', 5, 7, 6), append('v', 'T', 1), append('w', 'Empty')]);
  await store.appendRows([append('w', 'T', 3)]);
  const counts = { droppedMembers: 2, nulledValues: 4 };
  assert.deepEqual(await store.listTables(), [
    { workspaceId: 'v', table: 'T', rows: 1, lastTimeMs: 1, droppedMembers: 1, nulledValues: 2 },
    { workspaceId: 'w', table: 'T', rows: 4, lastTimeMs: 7, ...counts },
  ]);
  await store.deleteRows('w');
  assert.deepEqual(
    (await store.listTables()).map(({ workspaceId }) => workspaceId),
    ['v'],
  );
});

test('an append that fails part way leaves nothing behind', async (t) => {
  const store = memory(t);
  const broken = { ...append('w', 'Broken', 1, 2), rows: [{ timeMs: 1, json: '{}' }, null] };
  await assert.rejects(store.appendRows([append('w', 'T', 1), broken as never]));
  assert.deepEqual(await store.listTables(), []);
  await store.appendRows([append('w', 'T', 1)]);
  assert.equal((await store.listTables())[0]?.rows, 1, 'and the store goes on');
});

test('what was stored is there when the file is opened again', async (t) => {
  const file = await fileIn();
  const first = openSqliteStore(file);
  await first.putResource(resource('/g/a'));
  await first.appendRows([append('w', 'T', 1)]);
  await first.close();
  await first.close();
  const second = openSqliteStore(file);
  t.after(() => second.close());
  assert.equal((await second.getResource('/g/a'))?.name, 'a');
  assert.equal((await second.listTables())[0]?.rows, 1);
});

test('a delivery that comes again is not stored again in a table that has it', async (t) => {
  const file = await fileIn();
  const delivery = Buffer.from('one');
  const first = openSqliteStore(file);
  const sent = { ...append('w', 'T', 1), delivery };
  assert.deepEqual(await first.appendRows([sent]), [true]);
  await first.close();
  const store = openSqliteStore(file);
  t.after(() => store.close());
  const elsewhere = { ...append('v', 'T', 1), delivery };
  const other = { ...append('w', 'T', 1), delivery: Buffer.from('two') };
  assert.deepEqual(await store.appendRows([sent, elsewhere, other]), [false, true, true]);
  assert.deepEqual(await store.appendRows([append('w', 'T', 1)]), [true], 'nobody can tell');
  const rows = (await store.listTables()).map((table) => [table.workspaceId, table.rows]);
  assert.deepEqual(rows, [
    ['v', 1],
    ['w', 3],
  ]);
});

test('a store of version 1 is upgraded and keeps its rows', async (t) => {
  const file = await fileIn();
  const current = openSqliteStore(file);
  await current.appendRows([append('w', 'T', 1)]);
  await current.close();
  const database = new DatabaseSync(file);
  database.exec(`
    DROP INDEX receipt_delivery;
    ALTER TABLE receipt DROP COLUMN delivery;
    PRAGMA user_version = 1`);
  database.close();
  const store = openSqliteStore(file);
  t.after(() => store.close());
  const sent = { ...append('w', 'T', 2), delivery: Buffer.from('one') };
  assert.deepEqual(await store.appendRows([sent]), [true]);
  assert.deepEqual(await store.appendRows([sent]), [false]);
  assert.equal((await store.listTables())[0]?.rows, 2);
});

test('a file is opened by one server at a time', async (t) => {
  const file = await fileIn();
  const store = openSqliteStore(file);
  t.after(() => store.close());
  assert.throws(() => openSqliteStore(file), { code: 'DATA_IN_USE' });
});

test('a store of a newer version is left alone', async () => {
  const file = await fileIn();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => openSqliteStore(file), { code: 'DATA_NEWER', message: /version 99/ });
});

test('a folder that cannot hold a store is named', () => {
  assert.throws(() => openSqliteStore('/proc/nowhere/handlers.sqlite'), {
    code: 'DATA_UNUSABLE',
    message: /\/proc\/nowhere\/handlers.sqlite cannot be used/,
  });
});
