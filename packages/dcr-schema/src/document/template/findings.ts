/** Where findings go, each said once: a loop evaluates the same text many times. */
import type { TemplateCode } from './codes.ts';

/** A place in the document as written. */
export interface TemplatePlace {
  readonly pointer: string;
  readonly offset: number;
}

/** What the evaluation reports to. */
export interface TemplateFindings {
  add(code: TemplateCode, place: TemplatePlace, message: string, hint?: string): void;
  /** At a character of the JSON string that stands at the place, counted in UTF-16 units. */
  addInside(
    code: TemplateCode,
    place: TemplatePlace,
    unit: number,
    message: string,
    hint?: string,
  ): void;
}

/** A string that holds an expression, and where it is written. */
export interface Site extends TemplatePlace {
  readonly text: string;
  /** Put together by another expression: its characters stand nowhere as they are. */
  readonly isComputed: boolean;
}

/** More than anybody reads. */
const FINDING_COUNT_MAX = 5000;

/** What is said of one code at one place is said once, and no more than `FINDING_COUNT_MAX` in all. */
export class TemplateReport {
  readonly #findings: TemplateFindings;
  readonly #said = new Set<string>();

  constructor(findings: TemplateFindings) {
    this.#findings = findings;
  }

  /** Nothing more will be said. */
  get isFull(): boolean {
    return this.#said.size >= FINDING_COUNT_MAX;
  }

  /** At a value. */
  at(code: TemplateCode, { pointer, offset }: TemplatePlace, message: string, hint?: string): void {
    if (!this.#isNew(`${code} ${offset} ${pointer}`)) return;
    this.#findings.add(code, { pointer, offset }, message, hint);
  }

  /** At a character of an expression. */
  inside(code: TemplateCode, site: Site, unit: number, message: string, hint?: string): void {
    if (site.isComputed) {
      this.at(code, site, message, hint);
      return;
    }
    const { pointer, offset } = site;
    if (!this.#isNew(`${code} ${offset}+${unit} ${pointer}`)) return;
    this.#findings.addInside(code, { pointer, offset }, unit, message, hint);
  }

  /** Is it asked for the first time about something that is said once for a whole template? */
  isFirst(what: string): boolean {
    return this.#isNew(what);
  }

  #isNew(finding: string): boolean {
    if (this.#said.has(finding) || this.isFull) return false;
    this.#said.add(finding);
    return true;
  }
}
