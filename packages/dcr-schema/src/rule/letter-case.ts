/** The names by themselves in lower case; of two that differ in letter case only, the first. */
export function byLowerCase(names: Iterable<string>): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const name of names) {
    const key = name.toLowerCase();
    if (!map.has(key)) map.set(key, name);
  }
  return map;
}
