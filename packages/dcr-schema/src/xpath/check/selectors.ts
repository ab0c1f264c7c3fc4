/** What may stand at the top of a query: paths from the root of the log that select events. */
import type { Expression } from '../ast.ts';
import type { Finding } from '../query-diagnostic.ts';
import { conditionsOf } from './walk.ts';

export function checkSelectors(query: Expression): Finding[] {
  return conditionsOf(query).flatMap((condition) => {
    if (condition.kind !== 'path') {
      const { offset } = condition.kind === 'comparison' ? condition.right : condition;
      return [selectsNothing(offset, condition.kind)];
    }
    const [first] = condition.steps;
    const isEvent = first?.to === 'element' && (first.name === null || first.name === 'Event');
    return first === undefined || isEvent ? [] : [notASelector(first.offset, first.name)];
  });
}

function selectsNothing(offset: number, kind: string): Finding {
  const what = kind === 'comparison' ? 'a comparison' : `${kind}()`;
  return {
    code: 'XPATH_SELECTS_NO_EVENT',
    offset,
    token: '',
    message: `${what} at the top is true or false, it selects no event`,
    hint: 'put the condition in brackets after the star: *[System/Level=2]',
  };
}

function notASelector(offset: number, name: string | null): Finding {
  const written = name ?? 'text()';
  return {
    code: 'XPATH_NOT_A_SELECTOR',
    offset,
    token: written,
    message: `a query begins with '*' or 'Event', not with '${written}'`,
    hint: written.toLowerCase() === 'event' ? "write 'Event'" : `write *[${written}…]`,
  };
}
