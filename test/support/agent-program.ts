/**
 * Which program stands for the agent in tests over processes: what was built, as an operator runs
 * it and three times as quick to start, unless something was changed since; then the source.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const BUILT_AGENT: readonly string[] = [root('packages/agent/bin/dcr-agent.cjs')];
export const AGENT_SOURCE: readonly string[] = [
  '--conditions=dcr-agent-source',
  root('packages/agent/src/main.ts'),
];

const BUNDLE = root('packages/agent/dist/bundle/main.js');
const SOURCES = ['packages/agent/src', 'packages/agent/kernel', 'packages/dcr-schema/src', 'build'];

let program: readonly string[] | undefined;

/** Arguments of Node. */
export function agentProgram(): readonly string[] {
  program ??= isBuiltLast() ? BUILT_AGENT : AGENT_SOURCE;
  return program;
}

function isBuiltLast(): boolean {
  const builtAt = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.map(root).every((folder) => newestIn(folder) <= builtAt);
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    ...files
      .filter((file) => file.isFile() && /\.(ts|json)$/.test(file.name))
      .map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs),
  );
}
