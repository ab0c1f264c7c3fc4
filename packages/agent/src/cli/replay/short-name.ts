/** Resources as people call them; `--json` has their ids. */

/** The last segment of an ARM id: `operations`. */
export function shortName(resourceId: string): string {
  return resourceId.replace(/\/+$/, '').split('/').at(-1) ?? resourceId;
}
