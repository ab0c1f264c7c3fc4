/**
 * Rules as a Mermaid flowchart: data sources, what flows do with their streams, destinations.
 * Labels hold foreign text, so everything in them that could mean something to Mermaid, to
 * Markdown or to HTML is written as the number of its character.
 * Source: Mermaid, "Flowcharts: entity codes to escape characters"; Markdown in labels since 10.1.
 */
import type { Explanation, StreamExplanation } from '@dcr-agent/schema/documents';
import { shortTarget } from './short-target.ts';

/** Ends without a line break. Destinations of one target are one node, over all rules. */
export function explanationMermaid(explanations: readonly Explanation[]): string {
  const chart = new Chart();
  explanations.forEach((explanation, i) => {
    chart.addRule(explanation, `r${i}`);
  });
  return ['flowchart LR', ...chart.lines()].join('\n');
}

class Chart {
  readonly #groups: string[] = [];
  readonly #edges: string[] = [];
  /** Ids by target. */
  readonly #targets = new Map<string, string>();

  addRule({ name, dataSources, received, neverCollected }: Explanation, id: string): void {
    this.#groups.push(`  subgraph ${id}[${label([name ?? 'a rule without a name'])}]`);
    dataSources.forEach((source, i) => {
      const own = `${id}s${i}`;
      const problem = source.notCollected === undefined ? [] : ['not collected by this agent'];
      this.#node(own, `[${label([source.name, source.kind, ...reads(source.reads), ...problem])}]`);
      this.#addStreams(source.streams, own);
      source.goesNowhere.forEach((stream, n) => {
        this.#node(`${own}n${n}`, `[${label([stream, 'goes nowhere'])}]`);
        this.#edges.push(`  ${own} -.-> ${own}n${n}`);
      });
    });
    if (received.length > 0) {
      this.#node(`${id}p`, `[${label(['sent from outside'])}]`);
      this.#addStreams(received, `${id}p`);
    }
    neverCollected.forEach(({ stream }, i) => {
      this.#node(`${id}u${i}`, `[${label([stream, 'never collected'])}]`);
    });
    this.#groups.push('  end');
  }

  lines(): string[] {
    const targets = [...this.#targets].map(
      ([target, id]) => `  ${id}[(${label([shortTarget(target)])})]`,
    );
    return [...this.#groups, ...targets, ...this.#edges];
  }

  #addStreams(streams: readonly StreamExplanation[], from: string): void {
    streams.forEach(({ stream, flows }, i) => {
      flows.forEach(({ flow, table, transformKql, builtInTransform, destinations }, n) => {
        const own = `${from}f${i}x${n}`;
        const isChanged = transformKql !== undefined || builtInTransform !== undefined;
        const lines = [
          stream,
          ...(isChanged ? ['transformed'] : []),
          `to ${table}`,
          `flow ${flow}`,
        ];
        this.#node(own, `([${label(lines)}])`);
        this.#edges.push(`  ${from} --> ${own}`);
        for (const { target, name, via, problem } of destinations) {
          const known = target === 'unknown' ? name : target;
          const arrow = problem === undefined ? '-->' : '-.->';
          const way = via ?? problem;
          const on = way === undefined ? '' : `|${label([way])}|`;
          this.#edges.push(`  ${own} ${arrow}${on} ${this.#target(known)}`);
        }
      });
    });
  }

  #target(target: string): string {
    const id = this.#targets.get(target) ?? `d${this.#targets.size}`;
    this.#targets.set(target, id);
    return id;
  }

  #node(id: string, shape: string): void {
    this.#groups.push(`    ${id}${shape}`);
  }
}

/** Sentences that fit into a node; the others are in the text. */
const READS_SHOWN = 3;

function reads(sentences: readonly string[]): string[] {
  const more = sentences.length - READS_SHOWN;
  const shown = sentences.slice(0, READS_SHOWN);
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

const LINE_CHARACTERS_MAX = 120;

/** A label in quotes, of several lines; Mermaid takes no empty one. */
function label(lines: readonly string[]): string {
  const shown = lines.map(escaped).filter((line) => line !== '');
  return `"${shown.join('<br/>') || 'without a name'}"`;
}

// Between letters, hyphens and their like mean nothing, and names stay readable.
const UNSAFE = /(?<![\p{L}\p{N}])[-._/]|[-._/](?![\p{L}\p{N}])|[^\p{L}\p{N} \-._/]/gu;

function escaped(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  const characters = [...plain.slice(0, 2 * LINE_CHARACTERS_MAX)];
  const isLong = plain.length > LINE_CHARACTERS_MAX && characters.length > LINE_CHARACTERS_MAX;
  const shown = isLong ? `${characters.slice(0, LINE_CHARACTERS_MAX).join('')}…` : plain;
  return shown.replace(UNSAFE, (character) => `#${character.codePointAt(0)};`);
}
