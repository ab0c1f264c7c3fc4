/** What a source says about itself, on one line; what is zero or empty is left out. */

type Facts = Readonly<Record<string, unknown>>;

/** `tcp=127.0.0.1:28330 messages=12`; a hint, where there is one, is all that matters. */
export function factsText(facts: Facts): string {
  if (typeof facts.hint === 'string') return facts.hint;
  return members(facts) || '-';
}

function members(facts: Facts): string {
  return Object.entries(facts)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(',');
  if (typeof value !== 'object') return String(value);
  const { address, port, ...rest } = value as Facts;
  const isAddress = typeof port === 'number' && Object.keys(rest).length === 0;
  return isAddress ? `${address}:${port}` : `{${members(value as Facts)}}`;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '' || value === 0;
}
