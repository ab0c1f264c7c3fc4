/** Where logs in W3C format are that a rule asks for without naming files. */
import { isAbsolute, join } from 'node:path';
import { FIREWALL_PROFILES } from '@dcr-agent/schema';
import { AgentError } from '../errors.ts';

/** Source: IIS, "Configure Logging": `%SystemDrive%\\inetpub\\logs\\LogFiles`. */
const IIS_DIRECTORY = 'C:\\inetpub\\logs\\LogFiles';
/** Source: Windows Firewall, "Configure the Windows Firewall log". */
const FIREWALL_LOG = 'C:\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log';
/** A site logs to a folder with its number; one log for all sites lies beside these. */
const IIS_FILES = ['*.log', join('W3SVC*', '*.log')];

/**
 * File patterns below the directories of a rule, or below the web server's own. Throws
 * `SOURCE_UNAVAILABLE` where the rule names none and the system is another one.
 */
export function iisPatterns(directories: readonly string[]): string[] {
  const roots = directories.length > 0 ? directories : [IIS_DIRECTORY];
  if (directories.length === 0 && !isAbsolute(IIS_DIRECTORY)) {
    throw new AgentError(
      'SOURCE_UNAVAILABLE',
      `Nothing to read: the rule names no logDirectories, and ${IIS_DIRECTORY} is a folder of Windows.`,
    );
  }
  return roots.flatMap((root) => IIS_FILES.map((files) => join(root, files)));
}

/**
 * The logs of some firewall profiles, of all where none is named. `known`: where the machine keeps
 * them; empty for the system's own. Inferred: rows do not say which profile they are of, so a file
 * belongs to the profile its name holds, and to each profile where it holds none. Throws `SOURCE_UNAVAILABLE` where none of them can be on this system.
 */
export function firewallPaths(known: readonly string[], profiles: readonly string[]): string[] {
  const paths = known.length > 0 ? known : [FIREWALL_LOG];
  if (!paths.some((path) => isAbsolute(path))) {
    throw new AgentError(
      'SOURCE_UNAVAILABLE',
      'Nothing to read: sources.windowsFirewallLogs.paths names no file of this system.',
    );
  }
  if (profiles.length === 0) return [...paths];
  const others = FIREWALL_PROFILES.filter((profile) => !profiles.includes(profile));
  return paths.filter((path) => {
    const name = path.split(/[\\/]/).at(-1)!.toLowerCase();
    const isOf = (profile: string): boolean => name.includes(profile.toLowerCase());
    return profiles.some(isOf) || !others.some(isOf);
  });
}
