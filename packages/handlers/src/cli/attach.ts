import { basename, extname } from 'node:path';
import { formatDiagnostic, parseRule, type Rule } from '@dcr-agent/schema';
import type { Command } from 'commander';
import type { AdminClient } from '../admin-client.ts';
import { parseResourceId } from '../control-plane/resource-path.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readInput,
  withServer,
} from './connection.ts';
import { CommandError, EXIT } from './exit-codes.ts';

interface AttachOptions extends ConnectionOptions {
  readonly machine: string;
  readonly name?: string;
}

/** Where rules lie that do not say: one place, so that a file is one rule on every machine. */
const RULES =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/dcr-agent/providers/Microsoft.Insights/dataCollectionRules';

export function addAttach(program: Command): void {
  const command = program
    .command('attach')
    .description('put a rule and associate a machine with it; prints its immutable id')
    .argument('<rule>', 'file with the JSON of the rule')
    .requiredOption('--machine <id>', 'ARM resource id of the machine')
    .option('--name <name>', "name of the association (default: the rule's)");
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  dcr-handler attach rule.json --machine /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab/providers/Microsoft.HybridCompute/machines/web1',
    )
    .action(attach);
}

async function attach(file: string, options: AttachOptions): Promise<void> {
  const machine = parseResourceId(options.machine);
  if (machine === undefined) {
    throw new CommandError(EXIT.usage, `--machine '${options.machine}' is not an ARM resource id`);
  }
  const text = await readInput(file, 'the rule');
  const rule = checkRule(text, file);
  const ruleId = idOf(rule, file);
  const name = options.name ?? parseResourceId(ruleId)?.name ?? '';
  await withServer(options, async (client, url) => {
    await createWorkspaces(rule, client);
    const stored = await client.put(ruleId, plainJson(text));
    await client.associate(machine.id, name, ruleId);
    const { immutableId } = stored.properties as { immutableId: string };
    say(`${ruleId} is attached to ${machine.id} as '${name}'`);
    say(
      `its agent's control plane is ${url}, its identity: AZURE_POD_IDENTITY_AUTHORITY_HOST=${url}/machines/${encodeURIComponent(machine.name)}`,
    );
    process.stdout.write(`${immutableId}\n`);
  });
}

/** Every finding is shown; errors end the command. */
function checkRule(text: string, file: string): Rule {
  const { rule, diagnostics } = parseRule(text);
  for (const diagnostic of diagnostics) say(formatDiagnostic(diagnostic, file));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (rule !== undefined && errors === 0) return rule;
  throw new CommandError(EXIT.badData, `${file} was not attached: ${errors} error(s)`);
}

/** The rule's own id, else one made of its name, else of the file's. */
function idOf(rule: Rule, file: string): string {
  const own = rule.id === undefined ? undefined : parseResourceId(rule.id);
  if (own?.type.toLowerCase() === 'microsoft.insights/datacollectionrules') return own.id;
  return `${RULES}/${rule.name ?? basename(file, extname(file))}`;
}

/** Files may have comments and a byte order mark, requests may not. Only for text that parses. */
function plainJson(text: string): string {
  const stringOrComment = /("(?:\\.|[^"\\])*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(/^\uFEFF/, '').replace(stringOrComment, '$1');
}

/** A workspace is only a name here: what the rule asks for and is not there yet is made. */
async function createWorkspaces(rule: Rule, client: AdminClient): Promise<void> {
  for (const destination of rule.destinations) {
    if (destination.family === 'azureMonitorMetrics') continue;
    if (destination.family !== 'logAnalytics') {
      if (!rule.dataFlows.some((flow) => flow.destinations.includes(destination.name))) continue;
      say(
        `destination '${destination.name}' (${destination.member}) is not supported yet: nothing will be sent there`,
      );
      continue;
    }
    const id = destination.workspaceResourceId;
    if ((await client.get(id)) !== undefined) continue;
    const workspace = await client.put(id, { properties: {} });
    const { customerId } = workspace.properties as { customerId: string };
    say(`workspace ${workspace.name} created (customer id ${customerId})`);
  }
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
