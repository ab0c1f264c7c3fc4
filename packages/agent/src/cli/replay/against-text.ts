/** What two versions of rules do differently, for people. */
import { printable } from '../../host/printable.ts';
import type { AgainstReport } from '../../replay/report.ts';
import { columns } from '../columns.ts';
import { shortName } from './short-name.ts';

export function againstLines({ rules, tables, changes }: AgainstReport): string[] {
  const rows = tables.map(({ kind, table, workspace, old, new: now, appear, vanish }) => [
    `${table} in ${shortName(workspace)} (${kind})`,
    ...[old, now, appear, vanish].map(String),
  ]);
  const header = ['', 'before', 'now', 'appear', 'vanish'];
  const title = `Against ${printable(rules.join(', '))}`;
  if (tables.length === 0) return [title, '  no record is kept by either'];
  return [
    title,
    ...columns([header, ...rows]).map((line) => `  ${line}`),
    ...(changes.length === 0 ? ['  the same records, to the same tables'] : []),
    ...changes.flatMap((change) => {
      const { count, table, workspace, selectedBy, otherwise, examples } = change;
      const verb = change.change === 'appears' ? 'appear in' : 'vanish from';
      const [here, there] = change.change === 'appears' ? ['now', 'before'] : ['before', 'now'];
      return [
        `  ${count} ${verb} ${printable(`${table} in ${shortName(workspace)}`)}`,
        `    ${here}: ${printable(selectedBy)}`,
        ...(otherwise === '' ? [] : [`    ${there}: ${printable(otherwise)}`]),
        ...examples.map((example) => `    e.g. ${printable(example)}`),
      ];
    }),
  ];
}
