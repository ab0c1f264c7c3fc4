/** Data sources that are files, in words. */

import type {
  IisLogsDataSource,
  LogFilesDataSource,
  WindowsFirewallLogsDataSource,
} from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { listed } from '../rule/text/show.ts';
import { oneLine } from './listed.ts';

/** `/var/log/app/*.log: text, each line is a record`; one sentence for each pattern. */
export function logFilesInWords(source: LogFilesDataSource): string[] {
  const form = formOf(source);
  return source.filePatterns.map((pattern) => `${oneLine(pattern)}: ${form}`);
}

function formOf({ format, recordStartTimestampFormat: start }: LogFilesDataSource): string {
  if (format === 'json') return 'JSON, an object on each line';
  if (format !== 'text') return `format ${oneLine(format)}`;
  return start === undefined
    ? 'text, each line is a record'
    : `text, a record begins at a line that begins with a time (${oneLine(start)})`;
}

export function iisLogsInWords({ logDirectories }: IisLogsDataSource): string[] {
  if (logDirectories.length === 0) return ["W3C logs in the web server's own directory"];
  return logDirectories.map((directory) =>
    isExpression(directory)
      ? `W3C logs in ${oneLine(directory)}`
      : `W3C logs (*.log) in ${oneLine(directory)} and its W3SVC* directories`,
  );
}

export function firewallLogsInWords({ profileFilter }: WindowsFirewallLogsDataSource): string[] {
  if (profileFilter.length === 0) return ['the log of the Windows firewall, all profiles'];
  const noun = profileFilter.length === 1 ? 'profile' : 'profiles';
  return [`the log of the Windows firewall, ${noun} ${listed(profileFilter.map(oneLine), 'and')}`];
}
