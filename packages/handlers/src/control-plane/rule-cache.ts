/** Stored rules as values, parsed once per version. */
import { parseRule, type Rule } from '@dcr-agent/schema';
import type { StoredResource } from '../store/store.ts';

/** Above this the oldest entry goes; a rule is parsed again when it is next needed. */
const ENTRIES_MAX = 1000;

export class RuleCache {
  readonly #byVersion = new Map<string, Rule>();

  /** The rule of a stored resource. Throws when it no longer parses: an upgrade went wrong. */
  rule(resource: StoredResource): Rule {
    const version = `${resource.immutableId} ${resource.etag}`;
    const known = this.#byVersion.get(version);
    if (known !== undefined) return known;
    const { rule, diagnostics } = parseRule(resource.body);
    if (rule === undefined) {
      const reason = diagnostics[0]?.message ?? 'no reason given';
      throw new Error(`the stored rule ${resource.id} cannot be read: ${reason}`);
    }
    if (this.#byVersion.size >= ENTRIES_MAX) {
      const oldest = this.#byVersion.keys().next();
      if (!oldest.done) this.#byVersion.delete(oldest.value);
    }
    this.#byVersion.set(version, rule);
    return rule;
  }
}
