import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileConditionPredicate, parseEventQuery } from '@dcr-agent/schema/event-queries';
import fc from 'fast-check';
import type {
  Clause,
  LeafClause,
  ValueSet,
} from '../../../../../packages/dcr-schema/src/explain/query/clause.ts';
import { clausesOf } from '../../../../../packages/dcr-schema/src/explain/query/clauses-of.ts';
import { mergeClauses } from '../../../../../packages/dcr-schema/src/explain/query/merge-clauses.ts';
import type { Expression, Path } from '../../../../../packages/dcr-schema/src/xpath/ast.ts';
import { buildCondition } from '../../../../../packages/dcr-schema/src/xpath/condition/build-condition.ts';
import { printExpression } from '../../../../../packages/dcr-schema/src/xpath/print-expression.ts';
import { parseEvent } from '../../../../support/event-xml.ts';
import { randomEvent, randomQuery } from '../../../../support/random-events.ts';

const NOW_MS = Date.parse('2025-06-09T00:00:00Z');

/** A query that asks what the words are made from. */
function queryOf(clause: Clause): Expression {
  switch (clause.kind) {
    case 'everything':
      return path([{ to: 'element', name: null, predicates: [], offset: 0 }]);
    case 'leaf':
      return queryOfLeaf(clause);
    default:
      return { kind: clause.kind === 'any' ? 'or' : 'and', operands: clause.of.map(queryOf) };
  }
}

function queryOfLeaf({ steps, test: asked, asked: text }: LeafClause): Expression {
  const left = path(steps);
  const compare = (
    operator: '=' | '!=' | '<' | '<=' | '>' | '>=',
    right: Constant,
  ): Expression => ({
    kind: 'comparison',
    operator,
    left,
    right,
  });
  const inSet = (set: ValueSet): Expression =>
    set.kind === 'bound'
      ? compare(set.operator, set.constant)
      : { kind: 'and', operands: [inSet(set.lower), inSet(set.upper)] };
  const call = { offset: 0, path: left } as const;
  switch (asked.kind) {
    case 'text':
      return text;
    case 'exists':
      return left;
    case 'is':
      return joined('or', asked.of.map(inSet));
    case 'is none':
      return joined(
        'and',
        asked.of.map((constant) => compare('!=', constant)),
      );
    case 'bits': {
      const band = { kind: 'band', name: 'band', mask: asked.mask, ...call } as const;
      const right = { kind: 'number', text: '0', offset: 0 } as const;
      return asked.isShared ? band : { kind: 'comparison', operator: '=', left: band, right };
    }
    case 'age': {
      const { operator, than: right, until } = asked;
      const age = { kind: 'timediff', name: 'timediff', until, ...call } as const;
      return { kind: 'comparison', operator, left: age, right };
    }
  }
}

function joined(kind: 'and' | 'or', operands: readonly Expression[]): Expression {
  const [only, ...more] = operands;
  return only !== undefined && more.length === 0 ? only : { kind, operands };
}

type Constant = { kind: 'literal' | 'number'; text: string; offset: number };

function path(steps: Path['steps']): Path {
  return { kind: 'path', steps, offset: 0 };
}

function expressionOf(text: string): Expression {
  const { query } = parseEventQuery(text);
  assert.ok(query !== null, text);
  return query.expression;
}

function clausesOfText(text: string): Clause {
  return mergeClauses(clausesOf(expressionOf(text)));
}

test('clauses select what their query selects', () => {
  fc.assert(
    fc.property(randomQuery, fc.array(randomEvent, { minLength: 1, maxLength: 8 }), (text, xml) => {
      const asWritten = compileConditionPredicate(buildCondition(expressionOf(text), 'ignore'));
      const clauses = queryOf(clausesOfText(text));
      const asSaid = compileConditionPredicate(buildCondition(clauses, 'ignore'));
      for (const event of xml.map(parseEvent)) {
        const said = printExpression(clauses);
        assert.equal(asSaid(event, NOW_MS), asWritten(event, NOW_MS), `${text}\n${said}`);
      }
    }),
    { numRuns: 700 },
  );
});

test('brackets of what an event has once are dissolved, of all else only where nothing changes', () => {
  const printed = (text: string): string => printExpression(queryOf(clausesOf(expressionOf(text))));
  const cases: Readonly<Record<string, string>> = {
    '*[System[EventID=1 and Level=2]]': '*/System/EventID=1 and */System/Level=2',
    '*[EventData[Data[@Name="a"]=1]]': "*/EventData/Data[@Name='a']=1",
    '*[UserData[X[A=1 or B=2]]]': '*/UserData/X/A=1 or */UserData/X/B=2',
    '*[UserData[X[A=1 and B=2]]]': '*/UserData/X[A=1 and B=2]',
    '*[UserData/X[A=1]/B=2]': '*/UserData/X[A=1]/B=2',
    // It also holds for events without EventData if it is asked of the event.
    '*[EventData[band(Binary,1)=0]]': '*/EventData[band(Binary,1)=0]',
    '*[System[band(Keywords,8)=0]]': 'band(*/System/Keywords,8)=0',
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(printed(text), expected);
});

test('a range is made of two bounds of one value, not of values that may be several', () => {
  const single = clausesOfText('*[System[EventRecordID>1 and EventRecordID<5]]');
  assert.equal(single.kind, 'leaf');
  assert.equal(clausesOfText('*[EventData[Data>1 and Data<5]]').kind, 'all');
  assert.equal(clausesOfText('*[System[Level>1 and Level>2 and Level<5]]').kind, 'all');
});
