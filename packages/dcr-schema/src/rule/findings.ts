/** Collects what is found and makes diagnostics of it; severities come from the catalogue only. */
import type { Diagnostic } from '../diagnostic.ts';
import { RULE_CODES, type RuleCode } from './codes.ts';
import type { LineIndex } from './text/line-index.ts';

/** A place in the document as written. */
export interface Place {
  readonly pointer: string;
  readonly offset: number;
}

interface Finding extends Place {
  readonly code: RuleCode;
  readonly message: string;
  readonly hint: string | undefined;
}

export class Findings {
  readonly #lines: LineIndex;
  readonly #list: Finding[] = [];
  readonly #pointers = new Set<string>();

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  get hasErrors(): boolean {
    return this.#list.some(isError);
  }

  add(code: RuleCode, place: Place, message: string, hint?: string): void {
    this.#list.push({ ...place, code, message, hint });
    this.#pointers.add(place.pointer);
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
    const bySeverity = (a: Finding, b: Finding): number => Number(isError(b)) - Number(isError(a));
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

  #diagnostic({ code, pointer, offset, message, hint }: Finding): Diagnostic {
    return {
      code,
      severity: RULE_CODES[code].severity,
      pointer,
      position: this.#lines.position(offset),
      message,
      ...(hint !== undefined && { hint }),
    };
  }
}

function isError(finding: Finding): boolean {
  return RULE_CODES[finding.code].severity === 'error';
}
