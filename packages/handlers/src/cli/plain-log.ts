/** Log lines for people: time, level, sentence, facts. */
import { stripControls } from './text-table.ts';

const LEVELS: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
};

/** A destination for pino that writes each entry as one line of text. */
export function plainLogStream(out: NodeJS.WritableStream): { write(line: string): void } {
  return {
    write: (line) => {
      const { time, level, msg, ...facts } = JSON.parse(line) as {
        time: number;
        level: number;
        msg?: string;
        [fact: string]: unknown;
      };
      const at = new Date(time).toISOString();
      const said = Object.entries(facts).map(([name, value]) => `${name}=${show(value)}`);
      const text = [at, LEVELS[level] ?? String(level), msg ?? '', ...said].join(' ');
      out.write(`${stripControls(text)}\n`);
    },
  };
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
