/** `dcr-agent run`: the agent in the foreground, until a signal. */
import type { Command } from 'commander';
import type { Agent } from '../agent.ts';
import { flagDeclarations } from '../config/command-line.ts';
import { routesText } from '../host/proxy/forward-proxy.ts';
import { readConfig } from './read-config.ts';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .summary('run the agent')
    .description(
      'Runs the agent in the foreground.\nSIGHUP looks for rules now; SIGTERM and SIGINT stop it within shutdown.timeoutSeconds, a second SIGINT at once.\nEvery option can also stand in the configuration file or in a DCR_AGENT_* variable.',
    );
  for (const { flags, help } of flagDeclarations()) command.option(flags, help);
  command
    .addHelpText(
      'after',
      '\nExample:\n  dcr-agent run --config /etc/dcr-agent/agent.yaml --state-dir /var/lib/dcr-agent',
    )
    .action(async (parsed: Record<string, unknown>) => {
      const { startLean } = await import('../host/engine-memory.ts');
      startLean();
      const { config, origins, warnings } = readConfig(parsed);
      // Loaded only here: other commands, and mistakes, need not wait for all of the agent.
      const { startAgent } = await import('../agent.ts');
      const { createSystemHost } = await import('../host/system-host.ts');
      const { networkOptionsOf } = await import('../network-options.ts');
      // A log that nobody can read any more is no reason to stop collecting.
      process.stderr.on('error', () => {});
      const host = createSystemHost(config.log, networkOptionsOf(config));
      for (const warning of warnings) host.log.warn({}, warning);
      if (config.proxy !== undefined) {
        const facts = { proxy: routesText(config.proxy), from: origins.get('proxy')?.name };
        host.log.info(facts, 'the way out of this machine');
      }
      let agent: Agent | undefined;
      // Before the start, which takes a while: a signal meanwhile ends it as cleanly.
      const stopped = stopSignal();
      // A process that does not listen for SIGHUP yet is ended by it.
      process.on('SIGHUP', () => agent?.reload());
      agent = await startAgent(config, host);
      await stopped;
      await agent.stop();
    });
}

/** Resolves with the first signal; the second one ends the process there and then. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (isStopping && signal === 'SIGINT') process.exit(130);
      isStopping = true;
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
