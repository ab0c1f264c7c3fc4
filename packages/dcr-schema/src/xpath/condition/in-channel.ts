/** The channel of a query as a condition, for readers whose events are of any channel. */
import { compileComparison } from '../value/comparison.ts';
import type { TypedLiteral } from '../value/literal.ts';
import type { PathCondition, QueryCondition, QueryStep } from './query-condition.ts';

/**
 * Holds for events of the channel that fulfil the condition. Channels are compared ignoring case.
 * Source: MS-EVEN6 2.2.15, "channel names are case-insensitive".
 */
export function inChannel(channel: string, condition: QueryCondition): QueryCondition {
  return { kind: 'all', of: [isOfChannel(channel), condition] };
}

function isOfChannel(channel: string): PathCondition {
  // A name, whatever else its letters might spell.
  const literal: TypedLiteral = {
    text: channel,
    isBare: false,
    number: null,
    boolean: null,
    time: null,
    identity: null,
  };
  const comparison = { operator: '=', literal, stringCase: 'ignore' } as const;
  return {
    kind: 'path',
    steps: [step(null), step('System'), step('Channel')],
    value: {
      test: compileComparison('=', literal, 'ignore'),
      meaning: { kind: 'any comparison', of: [comparison] },
    },
  };
}

function step(name: string | null): QueryStep {
  return { to: 'element', name, predicates: [], isPositional: false };
}
