/**
 * IIS logs → the columns of W3CIISLog. Inferred: that a column is its field without separators
 * (`cs-uri-stem` → `csUriStem`, `cs(User-Agent)` → `csUserAgent`), and that values are taken as
 * they are written, `+` for blanks included. `test/contract/inferred-facts.test.ts` pins it.
 */
import type { RowContext } from '../record-stage.ts';
import type { FieldTarget, W3cShape } from './w3c-target.ts';

const COLUMNS: readonly FieldTarget[] = [
  ...columns(
    'string',
    `cIP csCookie csHost csMethod csReferer csUriQuery csUriStem csUserAgent
    csUserName csVersion scStatus scSubStatus scWin32Status sComputerName sIP sSiteName`,
  ),
  ...columns('int', 'sPort'),
  ...columns('long', 'csBytes scBytes TimeTaken'),
];

const BY_LETTERS: ReadonlyMap<string, FieldTarget> = new Map(
  COLUMNS.map((target) => [lettersOf(target.column), target]),
);

export function iisShape({ computer }: RowContext): W3cShape {
  return {
    targetOf: (field) => BY_LETTERS.get(lettersOf(field)),
    fixed: { Computer: computer },
    times: [],
  };
}

function columns(type: FieldTarget['type'], names: string): FieldTarget[] {
  return names.split(/\s+/).map((column) => ({ column, type }));
}

function lettersOf(name: string): string {
  return name.replace(/[-_()]/g, '').toLowerCase();
}
