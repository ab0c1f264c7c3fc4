/** What a term asks of the kind of event, without what nearly every event of the channel has. */
import type { Facet, IndexedTerm } from './read-query.ts';
import type { DraftContext } from './usual-values.ts';

const LEVEL = 'Event/System/Level';
const KEYWORDS = 'Event/System/Keywords';

/** Nearly all events of the Security log have this level. Source: winmeta.xml, win:LogAlways. */
const SECURITY_LEVELS: readonly string[] = ['0'];
/** Channels of type Admin take no verbose events. Source: "Defining Channels" (win32/wes). */
const ADMIN_LEVELS: readonly string[] = ['0', '1', '2', '3', '4'];
const LEVELS: readonly string[] = [...ADMIN_LEVELS, '5'];
/** An audit has succeeded or failed. Source: winmeta.xml, win:AuditSuccess, win:AuditFailure. */
const AUDITS: readonly string[] = ['0x8020000000000000', '0x8010000000000000'];

export function kindFacets(
  { facets }: IndexedTerm,
  context: DraftContext,
): ReadonlyMap<string, Facet> {
  const usual = [LEVEL, KEYWORDS].filter((path) => isOpen(facets.get(path), path, context));
  return usual.length === 0
    ? facets
    : new Map([...facets].filter(([, { path }]) => !usual.includes(path)));
}

/** Does it accept all that is usual? */
function isOpen(facet: Facet | undefined, path: string, { channel, nowMs }: DraftContext): boolean {
  const values = path === LEVEL ? levelsOf(channel) : auditsOf(channel);
  if (facet === undefined || values.length === 0) return false;
  return values.every((text) =>
    facet.facts.every((fact) => fact.test({ type: 'string', text }, nowMs)),
  );
}

function levelsOf(channel: string): readonly string[] {
  switch (channel.toLowerCase()) {
    case 'security':
      return SECURITY_LEVELS;
    case 'application':
    case 'system':
      return ADMIN_LEVELS;
    default:
      return LEVELS;
  }
}

function auditsOf(channel: string): readonly string[] {
  return channel.toLowerCase() === 'security' ? AUDITS : [];
}
