/** Resources as people call them; `--json` has their ids. */

/** The last segment of an ARM id: `operations`. */
function shortName(resourceId: string): string {
  return resourceId.replace(/\/+$/, '').split('/').at(-1) ?? resourceId;
}

/**
 * The names of some resources: with the resource group where several have one name, and the whole
 * id where that does not tell them apart either. Ids are compared ignoring case, as ARM does.
 */
export function resourceNames(resourceIds: readonly string[]): (resourceId: string) => string {
  const ids = new Map(resourceIds.map((id) => [id.toLowerCase(), id]));
  const forms = [shortName, nameInGroup].map((form) => {
    const counts = Map.groupBy(ids.values(), (id) => form(id).toLowerCase());
    return { form, isOwn: (name: string) => (counts.get(name.toLowerCase())?.length ?? 0) <= 1 };
  });
  return (id) => forms.find(({ form, isOwn }) => isOwn(form(id)))?.form(id) ?? id;
}

/** `operations in group demo`. */
function nameInGroup(resourceId: string): string {
  const group = /\/resourceGroups\/([^/]+)/i.exec(resourceId)?.[1];
  return group === undefined ? resourceId : `${shortName(resourceId)} in group ${group}`;
}
