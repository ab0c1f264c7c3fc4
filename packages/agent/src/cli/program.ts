/** The commands of `dcr-agent`. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addConfigCommand } from './config.ts';
import { addRunCommand } from './run.ts';
import { addStatusCommand } from './status.ts';

/** Throws a `CommanderError` where commander would end the process; commands do the same. */
export function createProgram(): Command {
  const program = new Command('dcr-agent')
    .description(
      'Collects what Data Collection Rules ask for and delivers it to every destination they name.',
    )
    .version(VERSION)
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  addRunCommand(program);
  addStatusCommand(program);
  addConfigCommand(program);
  return program;
}
