/** What two versions of rules do differently, for people. */
import { printable } from '../../host/printable.ts';
import type { Change } from '../../replay/compare/comparison.ts';
import type { AgainstReport } from '../../replay/report.ts';
import { columns } from '../columns.ts';

const NOTES_MAX = 10;
const VERBS: Readonly<Record<Change['change'], string>> = {
  appears: 'appear in',
  vanishes: 'vanish from',
  differs: 'are transformed in another way for',
};

export function againstLines(
  { rules, tables, changes, notes }: AgainstReport,
  nameOf: (workspace: string) => string,
): string[] {
  const rows = tables.map(({ kind, table, workspace, old, new: now, appear, vanish }) => [
    `${table} in ${nameOf(workspace)} (${kind})`,
    ...[old, now, appear, vanish].map(String),
  ]);
  const header = ['', 'before', 'now', 'appear', 'vanish'];
  const title = `Against ${printable(rules.join(', '))}`;
  const noteLines = [
    ...notes.slice(0, NOTES_MAX).map((note) => `  ${printable(note)}`),
    ...(notes.length > NOTES_MAX ? [`  and ${notes.length - NOTES_MAX} more of these`] : []),
  ];
  if (tables.length === 0) return [title, '  no record is kept by either', ...noteLines];
  const isSame = changes.length === 0 && notes.length === 0;
  return [
    title,
    ...columns([header, ...rows]).map((line) => `  ${line}`),
    ...(isSame ? ['  the same records, to the same tables'] : []),
    ...noteLines,
    ...changes.flatMap((change) => {
      const { count, table, workspace, selectedBy, otherwise, examples } = change;
      const verb = VERBS[change.change];
      const [here, there] = change.change === 'vanishes' ? ['before', 'now'] : ['now', 'before'];
      return [
        `  ${count} ${verb} ${printable(`${table} in ${nameOf(workspace)}`)}`,
        `    ${here}: ${printable(selectedBy)}`,
        ...(otherwise === '' ? [] : [`    ${there}: ${printable(otherwise)}`]),
        ...examples.map((example) => `    e.g. ${printable(example)}`),
      ];
    }),
  ];
}
