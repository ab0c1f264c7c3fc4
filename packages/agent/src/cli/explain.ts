/** `dcr-agent explain`: what rules do, in words. */
import { type Command, Option } from 'commander';
import type { ExplainOptions } from './explain/explain-files.ts';
import { parametersOption } from './gathered.ts';

export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .summary('say in words what rules do')
    .description(
      'Says of each data source what is read, which records, with which columns, how often, and where they go;\nwhat is collected and goes nowhere, and what is routed and never collected.',
    )
    .argument(
      '<file...>',
      'rules, templates and policies as JSON files, folders of them, or - for standard input',
    )
    .addOption(parametersOption())
    .option('--json', 'print everything as JSON')
    .addOption(
      new Option('--mermaid', 'print a flowchart that Markdown viewers draw').conflicts('json'),
    )
    .addHelpText(
      'after',
      `
What is wrong with the rules is told by \`dcr-agent validate\`; a rule that cannot be read is left
out here, and the exit code is 1.

Examples:
  dcr-agent explain rule.json
  dcr-agent explain infra/ --parameters production.parameters.json
  dcr-agent explain rule.json --mermaid > rule.mmd`,
    )
    .action(async (paths: string[], options: ExplainOptions) => {
      // Loaded only here, so that help and mistakes need not wait for it.
      const { explainFiles } = await import('./explain/explain-files.ts');
      process.exitCode = explainFiles(paths, options);
    });
}
