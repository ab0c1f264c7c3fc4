import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  compileConditionPredicate,
  compileEventQuery,
  listConditions,
  parseEventQuery,
  type WrittenCondition,
} from '@dcr-agent/schema/event-queries';
import { data, element, value } from '../../../support/event-elements.ts';
import { logonEvent } from '../../../support/logon-event.ts';

function list(text: string): WrittenCondition {
  const { query } = parseEventQuery(text);
  assert.ok(query !== null, text);
  return listConditions(query, 'ignore');
}

/** The texts of the conditions, members below what joins them. */
function outline(condition: WrittenCondition, depth = 0): string[] {
  const members = condition.kind === 'single' ? [] : condition.members;
  const own = `${'  '.repeat(depth)}${condition.kind}: ${condition.text}`;
  return [own, ...members.flatMap((member) => outline(member, depth + 1))];
}

function flat(condition: WrittenCondition): WrittenCondition[] {
  const members = condition.kind === 'single' ? [] : condition.members;
  return [condition, ...members.flatMap(flat)];
}

function memberOf(condition: WrittenCondition, text: string): WrittenCondition {
  const found = flat(condition).find((each) => each.text === text);
  assert.ok(found, text);
  return found;
}

describe('conditions are listed as they are written:', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    '*': ['single: *'],
    '*[System[EventID=1]]': ['single: System[EventID=1]'],
    "*[System[(EventID=1 or EventID=2) and Level=4] and EventData[Data[@Name='x']=3]]": [
      "and: System[(EventID=1 or EventID=2) and Level=4] and EventData[Data[@Name='x']=3]",
      '  and: System[(EventID=1 or EventID=2) and Level=4]',
      '    or: EventID=1 or EventID=2',
      '      single: EventID=1',
      '      single: EventID=2',
      '    single: Level=4',
      "  single: EventData[Data[@Name='x']=3]",
    ],
    '*[System[Level=1][EventID]] and Event[EventData]': [
      'and: *[System[Level=1][EventID]] and Event[EventData]',
      '  and: System[Level=1][EventID]',
      '    single: System[Level=1]',
      '    single: System[EventID]',
      '  single: EventData',
    ],
    '*[System[Level=1]]/EventData': [
      'and: *[System[Level=1]]/EventData',
      '  single: System[Level=1]',
      '  single: */EventData',
    ],
    '*[System[Level=1]/EventID=2]': [
      'and: System[Level=1]/EventID=2',
      '  single: System[Level=1]',
      '  single: System/EventID=2',
    ],
    '*[EventData[Data[2][@x or @y] and Data[position()=1 or @x]]]': [
      'and: EventData[Data[2][@x or @y] and Data[position()=1 or @x]]',
      '  single: Data[2][@x or @y]',
      '  single: Data[position()=1 or @x]',
    ],
  };
  for (const [query, expected] of Object.entries(cases)) {
    test(query, () => assert.deepEqual(outline(list(query)), expected));
  }
});

test('of very many members the last stands for those beyond', () => {
  const ids = Array.from({ length: 100 }, (_, i) => `EventID=${i + 4600}`);
  const [, ...members] = flat(list(`*[System[${ids.join(' or ')}]]`));
  assert.equal(members.length, 41);
  const rest = members.at(-1)!;
  assert.deepEqual([rest.kind, rest.text], ['single', '(60 more)']);
  assert.equal(compileConditionPredicate(rest.alone)(logonEvent, 0), false);
  const other = list(`*[System[${ids.toReversed().join(' or ')}]]`);
  assert.equal(compileConditionPredicate(flat(other).at(-1)!.alone)(logonEvent, 0), true);
});

test('a condition is asked in its place, alone and with what stands before it', () => {
  const asked = list("*[System[EventID=1 and Level=0] and EventData[Data[@Name='LogonType']=10]]");
  const answers = flat(asked).map(({ text, alone, inTurn }) => [
    text.slice(0, 12),
    compileConditionPredicate(alone)(logonEvent, 0),
    compileConditionPredicate(inTurn)(logonEvent, 0),
  ]);
  assert.deepEqual(answers, [
    ['System[Event', false, false],
    ['System[Event', false, false],
    ['EventID=1', false, false],
    ['Level=0', true, false],
    ['EventData[Da', true, false],
  ]);
});

test('conditions in the same brackets are asked of the same node', () => {
  const list2 = list('*[X/Y[A=1 and B=2]]');
  const y = (a: string, b: string): ReturnType<typeof element> =>
    element('Y', {}, [element('A', {}, value('uint', a)), element('B', {}, value('uint', b))]);
  const event = element('Event', {}, [element('X', {}, [y('1', '0'), y('0', '2')])]);
  const b = memberOf(list2, 'B=2');
  assert.equal(compileConditionPredicate(b.alone)(event, 0), true);
  assert.equal(compileConditionPredicate(b.inTurn)(event, 0), false);
});

test('the last of joined conditions in turn, and the whole alone, are the query', () => {
  const event = element('Event', {}, [
    element('System', {}, [element('EventID', {}, value('uint', '7'))]),
    element('EventData', {}, [data('x', value('uint', '3'))]),
  ]);
  for (const query of [
    "*[System[EventID=7] and EventData[Data[@Name='x']=3]]",
    "*[System[EventID=7]]/EventData[Data[@Name='x']=3]",
    "*[System[EventID=7]] and *[EventData[Data='4']]",
    '*[System[EventID=7 or Level=3][Level]]',
    '*[band(System/EventID,8)=1 and System]',
  ]) {
    const expected = compileEventQuery(parseEventQuery(query).query!)(event, 0);
    const asked = list(query);
    assert.equal(compileConditionPredicate(asked.alone)(event, 0), expected, query);
    const last = asked.kind === 'single' ? asked : asked.members.at(-1)!;
    assert.equal(compileConditionPredicate(last.inTurn)(event, 0), expected, query);
  }
});

test('a single condition tells the path it looks at', () => {
  const texts = (query: string): string[] =>
    flat(list(query)).flatMap((each) => (each.kind === 'single' ? [each.nodesText] : []));
  assert.deepEqual(
    texts("*[System[EventID=1 and band(Keywords,4)] and EventData[Data[@Name='x']=3]]"),
    ['System/EventID', 'System/Keywords', "EventData/Data[@Name='x']"],
  );
  assert.deepEqual(texts('*'), ['Event']);
});
