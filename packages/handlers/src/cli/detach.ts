import type { Command } from 'commander';
import type { AdminClient } from '../admin-client.ts';
import { parseResourceId } from '../control-plane/resource-path.ts';
import { addConnectionOptions, type ConnectionOptions, withServer } from './connection.ts';
import { CommandError, EXIT } from './exit-codes.ts';

interface DetachOptions extends ConnectionOptions {
  readonly machine: string;
  readonly forget?: boolean;
}

export function addDetach(program: Command): void {
  const command = program
    .command('detach')
    .description('end an association; the rule and its rows stay')
    .argument('[name]', 'name of the association, as attach said it')
    .requiredOption('--machine <id>', 'ARM resource id of the machine')
    .option('--forget', 'end all associations of the machine and unregister it');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  dcr-handler detach rule --machine /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab/providers/Microsoft.HybridCompute/machines/web1',
    )
    .action(detach);
}

async function detach(name: string | undefined, options: DetachOptions): Promise<void> {
  const machine = parseResourceId(options.machine)?.id;
  if (machine === undefined) {
    throw new CommandError(EXIT.usage, `--machine '${options.machine}' is not an ARM resource id`);
  }
  if ((name === undefined) !== (options.forget === true)) {
    throw new CommandError(EXIT.usage, 'name the association, or use --forget for all of them');
  }
  await withServer(options, async (client) => {
    const associations = `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations`;
    const id = name === undefined ? machine : `${associations}/${name}`;
    if (await client.delete(id)) {
      process.stderr.write(
        name === undefined ? `${machine} is forgotten\n` : `'${name}' is detached\n`,
      );
      return;
    }
    throw new CommandError(EXIT.badData, `${id} is not there${await others(client, associations)}`);
  });
}

async function others(client: AdminClient, associations: string): Promise<string> {
  const names = (await client.list(associations)).map(({ name }) => String(name));
  return names.length === 0 ? '' : `; the machine has: ${names.join(', ')}`;
}
