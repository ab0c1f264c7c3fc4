/**
 * The entries of `xPathQueries`: `Channel!XPath`, parted at the first `!`, since the query itself
 * may hold `!=`.
 */
import { CHANNEL_UNITS_MAX } from './limits.ts';
import { type ParsedEventQuery, readEventQuery } from './parse-event-query.ts';
import { type Finding, type QueryDiagnostic, toDiagnostic } from './query-diagnostic.ts';

export interface QueryEntry {
  /** As written, without blanks around it. Channels are compared ignoring case. */
  readonly channel: string;
  readonly query: string;
  /** Where the query begins in the entry, in UTF-16 units. */
  readonly queryOffset: number;
}

export interface SplitQueryEntry {
  /** `null` when there is an error among the diagnostics. */
  readonly entry: QueryEntry | null;
  readonly diagnostics: readonly QueryDiagnostic[];
}

export interface ParsedQueryEntry extends ParsedEventQuery {
  readonly channel: string | null;
}

/** Parts an entry into channel and query, and checks the channel. The query is not parsed. */
export function splitQuery(entry: string): SplitQueryEntry {
  const bang = entry.indexOf('!');
  const channel = (bang < 0 ? entry : entry.slice(0, bang)).trim();
  const refusal = refuseEntry(entry, bang, channel);
  if (refusal !== null) return { entry: null, diagnostics: [toDiagnostic(refusal, entry)] };
  return {
    entry: { channel, query: entry.slice(bang + 1), queryOffset: bang + 1 },
    diagnostics: checkDirectChannel(channel).map((finding) => toDiagnostic(finding, entry)),
  };
}

/** Parts an entry and parses its query; positions are in the entry. Never throws. */
export function parseQueryEntry(entry: string): ParsedQueryEntry {
  const split = splitQuery(entry);
  if (split.entry === null) return { channel: null, query: null, diagnostics: split.diagnostics };
  const { channel, queryOffset } = split.entry;
  const { query, findings } = readEventQuery(split.entry.query, channel);
  const diagnostics = findings.map((finding) => toDiagnostic(finding, entry, queryOffset));
  return { channel, query, diagnostics: [...split.diagnostics, ...diagnostics] };
}

function refuseEntry(entry: string, bang: number, channel: string): Finding | null {
  const at = { offset: 0, token: channel.slice(0, CHANNEL_UNITS_MAX) };
  const query = entry.slice(bang + 1).trim();
  if (/^\s*<(?:\?xml|QueryList|Query|Select)\b/i.test(entry)) {
    const message = 'the entry is an XML document';
    const hint = 'write one entry Channel!XPath for the text of each Select';
    return { ...at, code: 'XPATH_STRUCTURED_XML', message, hint };
  }
  const star = channel.search(/[*[\]]/);
  if (channel === '*' && bang >= 0) {
    const message = "the channel is '*', but a channel is named in full";
    const hint = 'write one entry for each channel, such as Security!*';
    return { ...at, code: 'XPATH_WILDCARD_CHANNEL', message, hint };
  }
  if (star >= 0 || bang < 0 || channel === '') return noChannel(entry, channel, star);
  const illegal = checkChannel(channel);
  if (illegal !== null) return { ...at, code: 'XPATH_INVALID_CHANNEL', ...illegal };
  if (query !== '') return null;
  const hint = `write ${channel}!* for every event of the channel`;
  const message = `the query after '${channel}!' is empty`;
  return { code: 'XPATH_EMPTY_QUERY', offset: entry.length, token: '', message, hint };
}

function noChannel(entry: string, channel: string, star: number): Finding {
  const at = { offset: 0, token: channel };
  const appended = /\]\s*!\s*\*\s*$/.exec(entry);
  if (appended !== null && star >= 0) {
    const message = "the query stands where the channel belongs, and '!*' was appended to it";
    const hint = `write Channel!${entry.slice(0, appended.index + 1).trim()}`;
    return { ...at, code: 'XPATH_APPENDED_STAR', message, hint };
  }
  const name = channel.slice(0, Math.max(star, 0)).trim();
  const message = "the entry does not begin with a channel and '!'";
  const hint =
    name === ''
      ? 'write the channel before the query, as in Security!*[System[EventID=4624]]'
      : `put '!' between '${name}' and the query`;
  return { ...at, code: 'XPATH_NO_CHANNEL', message, hint };
}

// Source: MS-EVEN6 1.8.1 and its note 10, as far as the characters are certain.
const ILLEGAL_IN_CHANNEL = /[<>|\\*?\u0000-\u001f\u007f]/;

function checkChannel(channel: string): Pick<Finding, 'message' | 'hint'> | null {
  if (channel.length > CHANNEL_UNITS_MAX) {
    const message = `the channel name has ${channel.length} characters`;
    return { message, hint: `a channel name has at most ${CHANNEL_UNITS_MAX}` };
  }
  const illegal = ILLEGAL_IN_CHANNEL.exec(channel)?.[0];
  if (illegal === undefined) return null;
  const shown = illegal < ' ' || illegal === '\u007f' ? 'a control character' : `'${illegal}'`;
  return {
    message: `the channel name holds ${shown}, which no channel name can`,
    hint: 'write the full name as Event Viewer shows it, such as Windows PowerShell',
  };
}

function checkDirectChannel(channel: string): Finding[] {
  if (!/\/(?:analytic|debug)$/i.test(channel)) return [];
  return [
    {
      code: 'XPATH_DIRECT_CHANNEL',
      offset: 0,
      token: channel,
      message: `'${channel}' is an Analytic or Debug channel, which Windows gives to no subscriber`,
      hint: 'use the Operational or Admin channel of the provider',
    },
  ];
}
