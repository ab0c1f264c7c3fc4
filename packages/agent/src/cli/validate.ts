/** `dcr-agent validate`: what is wrong with rules, before they are deployed. */
import { type Command, Option } from 'commander';
import { parametersOption } from './gathered.ts';
import type { ValidateOptions } from './validate/validate-files.ts';

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .summary('check rules before they are deployed')
    .description(
      'Checks the rules in files: rules, ARM templates, policies, lists, answers of the control plane, connectors.\nEvery finding is printed with its place in the file, a code, and the answer of the service where it is known.',
    )
    .argument('<file...>', 'JSON files, folders of them, or - for standard input')
    .addOption(parametersOption())
    .addOption(
      new Option(
        '--target <target>',
        'check too what only Azure, or only the handlers of dcr-agent, ask for',
      ).choices(['azure', 'handler']),
    )
    .option(
      '--same-machine',
      'the rules of all files are for one machine: tell what they collect twice',
    )
    .option('--deny-warnings', 'end with 1 for warnings too')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Values that only a deployment knows, such as parameters without a default, are taken as right;
--json lists them. Ends with 0 when all is well, 1 when a rule is wrong, 66 when no rule was found.

Examples:
  dcr-agent validate rule.json
  dcr-agent validate infra/ --parameters production.parameters.json --deny-warnings
  dcr-agent validate web.json security.json --same-machine --target azure`,
    )
    .action(async (paths: string[], options: ValidateOptions) => {
      // Loaded only here, so that help and mistakes need not wait for it.
      const { validateFiles } = await import('./validate/validate-files.ts');
      process.exitCode = validateFiles(paths, options);
    });
}
