/** The codes of everything that is found in documents; each language has a catalogue of its own. */
import type { Severity } from './diagnostic.ts';
import type { DocumentCode } from './document/codes.ts';
import type { TemplateCode } from './document/template/codes.ts';
import type { TransformCode } from './kql/codes.ts';
import type { RuleCode } from './rule/codes.ts';
import type { XPathCode } from './xpath/codes.ts';

/** Of the rule, of the languages of its queries and transformations, or of what it stands in. */
export type FindingCode = RuleCode | XPathCode | TransformCode | TemplateCode | DocumentCode;

/** Those that a reader of documents tells. */
export type Catalogue = { readonly [Code in FindingCode]?: { readonly severity: Severity } };
