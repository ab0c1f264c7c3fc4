/** Resource ids as people read them; `--json` has them whole. */

/** `workspace law-1` of `workspace /subscriptions/…/workspaces/law-1`; any other text as it is. */
export function shortTarget(text: string): string {
  return text.replace(/^(\S+ )?\/subscriptions\/\S+\/([^/\s]+)$/i, '$1$2');
}
