import { Command } from 'commander';
import { addAttach } from './attach.ts';
import { addDetach } from './detach.ts';
import { addQuery } from './query.ts';
import { addServe } from './serve.ts';
import { addTables } from './tables.ts';

/** The whole command line; parsing it runs the command. */
export function createProgram(): Command {
  const program = new Command('dcr-handler')
    .description('the server side of dcr-agent: control plane, ingestion and identity endpoints')
    .showHelpAfterError('(add --help for help)');
  for (const add of [addServe, addAttach, addDetach, addQuery, addTables]) add(program);
  // Commander leaves the process by itself; the exit code is ours.
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}
