/** Statements of rsyslog that leave nothing to what follows them. Pure. */
import { withoutComments, withoutStrings } from './plain-text.ts';

/** `stop`, and `~` as it was written before there was `stop`. */
const DISCARD = /^(?:stop|~)$/;
const EVERYTHING = /^\*\.(?:\*|debug)(?=[\s{])\s*/i;
/** What stands in front of the statement that depends on it. */
const OPEN_CONDITION = /(?:\b(?:then|else)|^:.*["'])$/;
/** Until another one, what follows it is for some inputs only. */
const RULESET = /^\$RuleSet\s+(\S+)$/i;

/** The first that discards every message, as it is written; `undefined` where there is none. */
export function discardOfEverything(text: string): string | undefined {
  const bare = withoutStrings('rsyslog', withoutComments('rsyslog', text));
  const blocks: boolean[] = [];
  let isForAll = false;
  let before = '';
  let isDefaultRuleset = true;
  for (const line of statementsOf(bare)) {
    const ruleset = RULESET.exec(line)?.[1];
    if (ruleset !== undefined) isDefaultRuleset = /^RSYSLOG_DefaultRuleset$/i.test(ruleset);
    const isRepeated = line.startsWith('&');
    if (!isRepeated) isForAll = EVERYTHING.test(line);
    const opened = line.endsWith('{');
    const actions = line.replace(EVERYTHING, '').split('&');
    const isBare = DISCARD.test(line) && !OPEN_CONDITION.test(before);
    const isDiscard = actions.some((action) => DISCARD.test(action.trim()));
    const isReached = isDefaultRuleset && blocks.every(Boolean);
    if (isReached && (isBare || (isForAll && isDiscard))) return line;
    if (opened)
      blocks.push(/^\{$/.test(line.replace(EVERYTHING, '')) && !OPEN_CONDITION.test(before));
    else if (line === '}') blocks.pop();
    before = line;
  }
  return undefined;
}

/** One by one, braces by themselves, objects such as `action(…)` without what is in them. */
function statementsOf(bare: string): string[] {
  return bare
    .replace(/\([^()]*\)/g, '()')
    .replace(/\{/g, '{\n')
    .replace(/\}/g, '\n}\n')
    .replace(/;?[ \t]*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
