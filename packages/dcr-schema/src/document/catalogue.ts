/** Every code that a document can get. */
import type { Catalogue } from '../finding-codes.ts';
import { TRANSFORM_CODES } from '../kql/codes.ts';
import { CODES_OF_RULES } from '../rule/findings.ts';
import { DOCUMENT_CODES } from './codes.ts';
import { TEMPLATE_CODES } from './template/codes.ts';

export const CODES_OF_DOCUMENTS: Catalogue = {
  ...CODES_OF_RULES,
  ...TRANSFORM_CODES,
  ...TEMPLATE_CODES,
  ...DOCUMENT_CODES,
};
