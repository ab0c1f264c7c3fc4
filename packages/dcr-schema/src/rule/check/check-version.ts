/**
 * What a rule holds that the API version it is written for does not know yet. The service then
 * reads the rule without it, or refuses it; neither is documented.
 */
import { PROPERTIES_POINTER, type RuleParts } from '../read-parts.ts';
import { stringOf } from '../read-values.ts';
import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import {
  API_VERSIONS,
  type ApiVersion,
  hasSince,
  publishedApiVersion,
} from '../schema/api-versions.ts';
import { RULE_DOCUMENT } from '../schema/rule-document.ts';
import type { Schema } from '../schema/schema.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { nameOf, quote } from '../text/show.ts';

/** A document that does not say its version is of the newest one. */
export function checkVersion({ envelope }: RuleParts, document: RuleDocument): void {
  const text = stringOf(envelope.apiVersion);
  if (text === undefined || isExpression(text)) return;
  const version = publishedApiVersion(text);
  if (version !== undefined) {
    visit(document.value, RULE_DOCUMENT, '', { version, document });
    return;
  }
  const message = `${quote(text)} is not a published API version of rules`;
  const hint = `published are ${API_VERSIONS.join(', ')}`;
  document.report('DCR_API_VERSION_UNKNOWN', '/apiVersion', message, hint);
}

interface Held {
  readonly version: ApiVersion;
  readonly document: RuleDocument;
}

/** As deep as the schema, which knows no cycles. */
function visit(value: Json, schema: Schema, pointer: string, held: Held): void {
  const { version, document } = held;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    (value as readonly Json[]).forEach((item, i) => {
      visit(item, items, pointerTo(pointer, i), held);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, below] of Object.entries(value)) {
      const { properties = {}, additionalProperties: map } = schema;
      const at = pointerTo(pointer, name);
      const member = Object.hasOwn(properties, name) ? properties[name] : map || undefined;
      if (member === undefined) continue;
      if (hasSince(version, member.since)) {
        visit(below as Json, member, at, held);
      } else if (!isEmptied(below as Json)) {
        const what = pointer === PROPERTIES_POINTER ? 'rules have' : 'there is';
        const message = `${what} ${nameOf(name)} since API version ${member.since}, this document is of ${version}`;
        document.reportName('DCR_MEMBER_NEWER', at, message, newerHint(member.since));
      }
    }
  } else if (typeof value === 'string' && schema.valuesSince !== undefined) {
    const since = Object.entries(schema.valuesSince).find(([known]) => isSame(known, value))?.[1];
    if (hasSince(version, since)) return;
    const message = `${quote(value)} is known since API version ${since}, this document is of ${version}`;
    document.report('DCR_VALUE_NEWER', pointer, message, newerHint(since));
  }
}

/** Exported resources and generators write members they do not use. */
function isEmptied(value: Json): boolean {
  return typeof value === 'object' && (value === null || Object.keys(value).length === 0);
}

function isSame(known: string, value: string): boolean {
  return known.toLowerCase() === value.toLowerCase();
}

function newerHint(since: ApiVersion | undefined): string {
  return `set apiVersion to '${since}' or newer`;
}
