import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerText } from '../../../../../packages/agent/src/destinations/upload/header-text.ts';

test('plain text stays as it is', () => {
  const id = '/subscriptions/1/resourceGroups/my group (x)/providers/A.B/c/d';
  assert.equal(headerText(id), id);
});

test('what no header can carry is percent-encoded', () => {
  assert.equal(
    headerText('/resourceGroups/größe/日本'),
    '/resourceGroups/gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC',
  );
  assert.equal(headerText('a\r\nb'), 'a%0D%0Ab');
  assert.equal(headerText('\ud800'), '%EF%BF%BD');
});
