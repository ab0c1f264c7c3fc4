/**
 * Findings about what stands beside rules in a document, once. Codes are stable, texts are not. The
 * table in README.md is kept equal by a test.
 */
import type { CodeEntry } from '../rule/codes.ts';

export type DocumentCode =
  | 'DCRA_ENDPOINT_NAME'
  | 'DCRA_TWO_TARGETS'
  | 'DCRA_NAME_RESERVED'
  | 'DCR_TYPE_MISSPELLED'
  | 'JSON_RAW_TEXT';

/** Source: the service's answers to associations, in public issues. */
export const DOCUMENT_CODES: Readonly<Record<DocumentCode, CodeEntry>> = {
  DCRA_ENDPOINT_NAME: {
    severity: 'error',
    meaning: "the association of an endpoint is not named 'configurationAccessEndpoint'",
  },
  DCRA_TWO_TARGETS: {
    severity: 'error',
    meaning: 'an association names both a rule and an endpoint',
  },
  DCRA_NAME_RESERVED: {
    severity: 'warning',
    meaning: 'the association of a rule has the name that is kept for endpoints',
  },
  DCR_TYPE_MISSPELLED: {
    severity: 'warning',
    meaning: 'a resource has a type that is nearly that of rules',
  },
  // Source: Azure Resource Manager, "Multi-line strings"; programs that deploy may refuse them.
  JSON_RAW_TEXT: {
    severity: 'warning',
    meaning: 'a text holds line breaks or tabs as they are',
  },
};
