import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import { dataMarkup } from '../../../../../packages/agent/src/pipeline/windows-event/event-markup.ts';
import { data, element, text } from '../../../../support/event-elements.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

const parser = new DOMParser({
  onError: (level, message) => {
    if (level !== 'warning') throw new Error(message);
  },
});

function children(markup: string): string {
  assert.ok(markup.startsWith(`<EventData xmlns="${NAMESPACE}">`));
  return markup.slice(`<EventData xmlns="${NAMESPACE}">`.length, -'</EventData>'.length);
}

test('elements nest, empty ones are closed in place', () => {
  const tree = element('EventData', {}, [
    data('a', text('1')),
    data('b', null),
    element('Outer', { x: text('y') }, [element('Inner', {}, text('z')), element('Empty')]),
  ]);
  assert.equal(
    children(dataMarkup(tree)),
    '<Data Name="a">1</Data><Data Name="b"/><Outer x="y"><Inner>z</Inner><Empty/></Outer>',
  );
  assert.equal(dataMarkup(element('EventData')), `<EventData xmlns="${NAMESPACE}"/>`);
});

test('attributes of the outermost element and its text are kept', () => {
  const tree = element('EventData', { Name: text('n') }, text('own'));
  assert.equal(dataMarkup(tree), `<EventData xmlns="${NAMESPACE}" Name="n">own</EventData>`);
});

test('only the children that are given are written', () => {
  const tree = element('EventData', {}, [data('a', text('1')), data('b', text('2'))]);
  assert.equal(children(dataMarkup(tree, [tree.children[1]!])), '<Data Name="b">2</Data>');
});

test('an attribute that occurs twice, once its prefix is gone, is written once', () => {
  const twice = [
    { name: 'type', value: text('a') },
    { name: 'type', value: text('b') },
    { name: 'other', value: text('c') },
  ];
  const tree = element('EventData', {}, [{ ...element('x'), attributes: twice }]);
  assert.equal(children(dataMarkup(tree)), '<x type="a" other="c"/>');
});

test('any text comes back from an XML reader as it was, but for what XML cannot carry', () => {
  const all = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).join('');
  // This reader takes U+0085 for a line end, as only XML 1.1 does.
  const every = all.replace('\u0085', '');
  for (const value of [every, ']]>', '&amp;', '\r\n\t ', '\ufffe\uffff\u{1f600}']) {
    const xml = dataMarkup(element('EventData', { a: text(value) }, text(value)));
    const root = parser.parseFromString(xml, 'text/xml').documentElement!;
    const carried = value.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
    assert.equal(root.textContent, carried);
    assert.equal(root.getAttribute('a'), carried);
  }
});
