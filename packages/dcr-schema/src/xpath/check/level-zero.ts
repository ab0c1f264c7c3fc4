/**
 * Conditions on the level that forget level 0, LogAlways. Event Viewer shows such events as
 * Information, and nearly all of the Security log and many of classic sources are of this level:
 * whoever asks for Information by `Level=4` misses them.
 * Source: System-defined levels (winmeta.xml), win:LogAlways; Event Viewer writes
 * `(Level=4 or Level=0)` for its check box Information.
 */
import type { Expression } from '../ast.ts';
import type { EventValue } from '../event.ts';
import type { Finding } from '../query-diagnostic.ts';
import { isSameNumber } from '../value/number-text.ts';
import { equalsIgnoringCase } from '../value/ordinal-case.ts';
import { conjunctsOf, restrictionsOf } from './conjuncts.ts';
import { narrow } from './possible-values.ts';
import { ROOT } from './single-values.ts';
import { allConditionsOf, pathOf } from './walk.ts';

const LEVEL = 'Event/System/Level';
const LEVELS: readonly EventValue[] = Array.from({ length: 256 }, (_, level) => ({
  type: 'uint',
  text: `${level}`,
}));

/**
 * `channel` is `null` where it is not known. Who names EventID knows the levels of these events,
 * and who names level 0 did not forget it.
 */
export function checkLevelZero(query: Expression, channel: string | null): Finding[] {
  const conjuncts = conjunctsOf(query, ROOT);
  const onLevel = restrictionsOf(conjuncts).filter(({ place }) => place === LEVEL);
  const [first] = onLevel;
  const namesZero = onLevel.some(
    ({ literal }) => literal.number !== null && isSameNumber(literal.number, 0),
  );
  if (first === undefined || namesZero || namesEventId(query)) return [];
  const left = narrow(new Map([[LEVEL, LEVELS]]), conjuncts)?.get(LEVEL) ?? [];
  const levels = left.map(({ text }) => text);
  if (levels.length === 0 || levels.includes('0')) return [];
  const isSecurity = channel !== null && equalsIgnoringCase(channel, 'Security');
  if (!isSecurity && !levels.includes('4')) return [];
  const message = isSecurity
    ? 'nearly all events of the Security log have level 0, which is not among these levels'
    : 'level 0 is not among these levels, though Event Viewer shows it as Information too';
  const place = { offset: first.offset, token: 'Level' };
  return [{ code: 'XPATH_LEVEL_WITHOUT_ZERO', ...place, message, hint: "add 'or Level=0'" }];
}

function namesEventId(query: Expression): boolean {
  return allConditionsOf(query).some((condition) =>
    pathOf(condition)?.steps.some(({ name }) => name === 'EventID'),
  );
}
