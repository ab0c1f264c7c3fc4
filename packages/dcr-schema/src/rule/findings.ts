/** Collects what is found and makes diagnostics of it; severities come from the catalogue only. */
import type { Diagnostic, Severity } from '../diagnostic.ts';
import type { Catalogue, FindingCode } from '../finding-codes.ts';
import { XPATH_CODES } from '../xpath/codes.ts';
import { RULE_CODES } from './codes.ts';
import { ACCEPTED_BY_SERVICE, serviceAnswer } from './service-answer.ts';
import type { LineIndex } from './text/line-index.ts';

/** A place in the document as written. */
export interface Place {
  readonly pointer: string;
  readonly offset: number;
  /** The value by the published names of its members, where it is a value of a rule. */
  readonly canonical?: string;
}

/** What every reader of rules tells. */
export const CODES_OF_RULES: Catalogue = { ...RULE_CODES, ...XPATH_CODES };

interface Finding extends Place {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint: string | undefined;
}

export class Findings {
  readonly #lines: LineIndex;
  readonly #catalogue: Catalogue;
  readonly #list: Finding[] = [];
  readonly #pointers = new Set<string>();

  constructor(lines: LineIndex, catalogue: Catalogue = CODES_OF_RULES) {
    this.#lines = lines;
    this.#catalogue = catalogue;
  }

  /** Is anything wrong besides single queries, which are refused by themselves? */
  get refuseRule(): boolean {
    return this.#list.some((finding) => this.#isError(finding) && !isOfQuery(finding.code));
  }

  add(code: FindingCode, place: Place, message: string, hint?: string): void {
    this.#list.push({ ...place, code, message, hint });
    this.#pointers.add(place.pointer);
  }

  /** At a character of the JSON string that stands at the place. */
  addInside(code: FindingCode, place: Place, unit: number, message: string, hint?: string): void {
    const offset = this.#lines.offsetInString(place.offset, unit);
    this.add(code, { ...place, offset }, message, hint);
  }

  /** Has something been said about exactly this value? */
  hasAt(pointer: string): boolean {
    return this.#pointers.has(pointer);
  }

  /**
   * In the order of the text. Where there are more than `limit`, errors stay rather than warnings
   * and the last diagnostic tells how many were left out.
   */
  diagnostics(limit: number): readonly Diagnostic[] {
    const byPlace = (a: Finding, b: Finding): number => a.offset - b.offset;
    const bySeverity = (a: Finding, b: Finding): number =>
      Number(this.#isError(b)) - Number(this.#isError(a));
    const inOrder = this.#list.toSorted(byPlace);
    if (inOrder.length <= limit) return inOrder.map((f) => this.#diagnostic(f));
    const kept = inOrder.toSorted(bySeverity).slice(0, limit).sort(byPlace);
    const omitted: Finding = {
      code: 'DCR_FINDINGS_OMITTED',
      pointer: '',
      offset: kept.at(-1)?.offset ?? 0,
      message: `${inOrder.length - kept.length} more findings are not listed`,
      hint: undefined,
    };
    return [...kept, omitted].map((f) => this.#diagnostic(f));
  }

  #diagnostic({ code, pointer, offset, canonical, message, hint }: Finding): Diagnostic {
    const service = serviceAnswer(code, canonical);
    return {
      code,
      severity: this.#severityOf(code),
      pointer,
      position: this.#lines.position(offset),
      message,
      ...(hint !== undefined && { hint }),
      ...(service !== undefined && { service }),
    };
  }

  #isError({ code }: Finding): boolean {
    return this.#severityOf(code) === 'error';
  }

  /** A code that the catalogue lacks is a mistake of this program, and no reason to go on. */
  #severityOf(code: FindingCode): Severity {
    return ACCEPTED_BY_SERVICE.has(code) ? 'warning' : (this.#catalogue[code]?.severity ?? 'error');
  }
}

function isOfQuery(code: FindingCode): boolean {
  return Object.hasOwn(XPATH_CODES, code);
}
