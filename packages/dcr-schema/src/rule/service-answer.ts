/**
 * What the service answers where it refuses a rule: HTTP 400, `InvalidPayload`, and in it a list of
 * `{code, message, target}`. It checks in two stages, which write targets differently: the form of
 * the rule first, `Properties.DataSources.WindowsEventLogs[0].XPathQueries[0]`, then what flows do
 * to tables, `properties.dataFlows[0]`. Source: recorded answers in public issues.
 *
 * Inferred: the codes marked below were seen for a mistake of the same kind, not for this very one.
 * `test/contract/inferred-facts.test.ts` pins them.
 */
import type { Severity } from '../diagnostic.ts';
import type { FindingCode } from '../finding-codes.ts';
import { XPATH_CODES } from '../xpath/codes.ts';
import { pointerSteps } from './text/json-tree.ts';

export interface ServiceAnswer {
  /** The service's own code, such as `InvalidDataFlow`. */
  readonly code: string;
  /** The part of the rule that it names, in its spelling; absent for what is no part of one. */
  readonly target?: string;
}

interface Answer {
  readonly code: string;
  /** `form`: capitals, the very value. `flow`: the first letters small, the data flow. */
  readonly target: 'form' | 'form of the flow' | 'flow';
}

const ANSWERS: { readonly [Code in FindingCode]?: Answer } = {
  DCR_DESTINATION_UNKNOWN: { code: 'InvalidDataFlow', target: 'form of the flow' },
  DCR_STREAM_NAME_INVALID: { code: 'InvalidStream', target: 'form' },
  DCR_STREAM_WRONG_KIND: { code: 'InvalidStream', target: 'form' },
  DCR_TRANSFORM_MANY_STREAMS: { code: 'InvalidPayload', target: 'form of the flow' },
  DCR_OUTPUT_STREAM_MISSING: { code: 'InvalidTransformOutput', target: 'flow' },
  TRANSFORM_SYNTAX: { code: 'InvalidTransformQuery', target: 'flow' },
  TRANSFORM_OPERATOR_UNSUPPORTED: { code: 'InvalidTransformQuery', target: 'flow' },
  TRANSFORM_FUNCTION_UNSUPPORTED: { code: 'InvalidTransformQuery', target: 'flow' },
  TRANSFORM_FUNCTION_UNKNOWN: { code: 'InvalidTransformQuery', target: 'flow' },
  TRANSFORM_COLUMN_UNKNOWN: { code: 'InvalidTransformQuery', target: 'flow' },
  TRANSFORM_NO_TIME_GENERATED: { code: 'InvalidTransformOutput', target: 'flow' },
  TRANSFORM_TIME_GENERATED_TYPE: { code: 'InvalidTransformOutput', target: 'flow' },
  TRANSFORM_OUTPUT_TYPE: { code: 'InvalidTransformOutput', target: 'flow' },
  DCRA_ENDPOINT_NAME: { code: 'InvalidEndpointAssociationName', target: 'form' },
  // Inferred, with the target seen for it.
  DCR_TRANSFORM_STREAM_GROUP: { code: 'InvalidTransform', target: 'form' },
  // Inferred.
  DCR_STREAM_IN_GROUP: { code: 'InvalidDataFlow', target: 'form of the flow' },
  // Inferred: the messages about counts and empty lists were seen without their code.
  DCR_LIMIT_EXCEEDED: { code: 'InvalidProperty', target: 'form' },
  DCR_VALUE_EMPTY: { code: 'InvalidProperty', target: 'form' },
};

/** What the service was seen to answer about any event query it refuses. */
const QUERY_ANSWER: Answer = { code: 'InvalidProperty', target: 'form' };

/**
 * The service was seen to accept a query without its `*`, though no agent can run it. Source: the
 * example of creating a rule in the documentation of the service's own command line.
 */
export const ACCEPTED_BY_SERVICE: ReadonlySet<FindingCode> = new Set(['XPATH_MISSING_STAR']);

/** What a template is refused with before anything of it is deployed. */
const TEMPLATE_ANSWER: Answer = { code: 'InvalidTemplate', target: 'form' };

/** The service's code for a finding, where it is known. */
export function serviceCode(code: FindingCode): string | undefined {
  return answerTo(code)?.code;
}

/** `pointer`: of the value, under the published names of its members and `/properties`. */
export function serviceAnswer(
  code: FindingCode,
  pointer: string | undefined,
): ServiceAnswer | undefined {
  const answer = answerTo(code);
  if (answer === undefined) return undefined;
  if (pointer === undefined) return { code: answer.code };
  const steps = pointerSteps(pointer);
  const isInFlow = steps[1] === 'dataFlows' && steps.length > 2;
  const told = answer.target === 'form' || !isInFlow ? steps : steps.slice(0, 3);
  const target = told.reduce((before, step) => {
    if (/^\d+$/.test(step)) return `${before}[${step}]`;
    const name = answer.target === 'flow' ? step : step.charAt(0).toUpperCase() + step.slice(1);
    return before === '' ? name : `${before}.${name}`;
  }, '');
  return { code: answer.code, target };
}

function answerTo(code: FindingCode): Answer | undefined {
  if (Object.hasOwn(ANSWERS, code)) return ANSWERS[code];
  if (code.startsWith('ARM_')) return TEMPLATE_ANSWER;
  return isRefusedQuery(code) ? QUERY_ANSWER : undefined;
}

/** A query that is only warned of is accepted. */
function isRefusedQuery(code: FindingCode): boolean {
  const queries: { readonly [code: string]: { readonly severity: Severity } } = XPATH_CODES;
  if (!Object.hasOwn(queries, code) || ACCEPTED_BY_SERVICE.has(code)) return false;
  return queries[code]?.severity === 'error';
}
