/** Which streams a rule declares and which its data sources produce. Names ignore letter case. */
import { findStream, isCustomStream } from '../stream/known-streams.ts';
import { byLowerCase } from './letter-case.ts';
import type { RuleParts } from './read-parts.ts';

export interface StreamIndex {
  isDeclared(stream: string): boolean;
  isProduced(stream: string): boolean;
  /** The spelling to go on with: of the declaration, the data source, or the published list. */
  spelling(stream: string): string;
  readonly declared: readonly string[];
  readonly produced: readonly string[];
}

export function indexStreams(parts: RuleParts): StreamIndex {
  const declared = byLowerCase(parts.declarations.map((d) => d.stream));
  const produced = byLowerCase(parts.sources.flatMap((s) => s.streams.map((t) => t.text)));
  return {
    isDeclared: (stream) => declared.has(stream.toLowerCase()),
    isProduced: (stream) => produced.has(stream.toLowerCase()),
    spelling: (stream) => {
      const key = stream.toLowerCase();
      return declared.get(key) ?? findStream(stream)?.stream ?? produced.get(key) ?? stream;
    },
    declared: [...declared.values()],
    produced: [...produced.values()],
  };
}

/** Is it a stream authors declare? The prefix counts in any letter case. */
export function isCustom(stream: string): boolean {
  return isCustomStream(stream) || /^custom-/i.test(stream);
}
