/**
 * Names of time zones, in minutes ahead of UTC. The American ones are those of RFC 5322 §4.3, the
 * others are in use with one meaning only.
 */
export const ZONES: ReadonlyMap<string, number> = new Map([
  ['UTC', 0],
  ['GMT', 0],
  ['Z', 0],
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['AKST', -540],
  ['AKDT', -480],
  ['HST', -600],
  ['BRT', -180],
  ['WET', 0],
  ['WEST', 60],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
  ['MSK', 180],
  ['SAST', 120],
  ['HKT', 480],
  ['SGT', 480],
  ['JST', 540],
  ['KST', 540],
  ['AWST', 480],
  ['ACST', 570],
  ['ACDT', 630],
  ['AEST', 600],
  ['AEDT', 660],
  ['NZST', 720],
  ['NZDT', 780],
]);

/** Names with several meanings: India, Ireland and Israel are all `IST`. Their time is local. */
export const AMBIGUOUS_ZONES: ReadonlySet<string> = new Set(
  'ADT AMT AST BST ECT GST IST SST WST'.split(' '),
);
