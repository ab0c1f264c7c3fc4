/**
 * The agent's configuration out of its layers: flag > variable > file > profile > default. Each
 * value remembers where it came from. The proxy has more layers; see `resolve-proxy.ts`.
 */
import { didYouMean } from '@dcr-agent/schema';
import { AgentError, reasonOf } from '../errors.ts';
import type { AgentConfig } from './agent-config.ts';
import { checkTogether, oddTogether } from './check-together.ts';
import { checkValues } from './check-values.ts';
import type { GivenFlags } from './command-line.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import {
  fromFile,
  fromFlag,
  fromProfile,
  fromVariable,
  type Given,
  type Origin,
  type Variables,
} from './layers.ts';
import { type Option, VARIABLE_PREFIX, variableOf } from './option.ts';
import { CONFIG_FILE, OPTIONS } from './options.ts';
import { resolveProxy } from './resolve-proxy.ts';

export interface ConfigInputs {
  readonly flags: GivenFlags;
  readonly env: Variables;
  /** Text of a file; `undefined` when there is none. May throw. */
  readFile(path: string): string | undefined;
}

export interface ResolvedConfig {
  readonly config: AgentConfig;
  /** By the option's path, in the order of the table. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** What is odd and harmless, one sentence each. */
  readonly warnings: readonly string[];
}

type Chosen = ReadonlyMap<Option, Given>;

/** Throws `AGENT_CONFIG_INVALID` with everything that is wrong, one finding per line. */
export function resolveConfig(inputs: ConfigInputs): ResolvedConfig {
  const { name, file, findings: fileFindings } = readConfigFile(inputs);
  const set = (option: Option): Given | undefined =>
    fromFlag(option, inputs.flags) ?? fromVariable(option, inputs.env) ?? fromFile(option, file);
  const profile = OPTIONS.filter(({ path }) => path === 'delivery.profile').map(set)[0]?.value;
  const chosen = new Map<Option, Given>();
  for (const option of OPTIONS) {
    const given = set(option) ?? fromProfile(option, profile);
    if (given !== undefined) chosen.set(option, given);
  }
  refuse([...fileFindings, ...checkChosen(chosen)]);
  const proxy = resolveProxy({
    proxy: givenAt('proxy', chosen),
    bypass: givenAt('proxyBypass', chosen),
    settings: givenAt('settings.proxy', chosen),
    protectedSettings: givenAt('protectedSettings.proxy', chosen),
    env: inputs.env,
  });
  refuse(proxy.findings);
  const origins = new Map(OPTIONS.map((option) => [option.path, originOf(chosen.get(option))]));
  if (proxy.routes !== undefined) origins.set('proxy', proxy.routes.origin);
  if (proxy.bypass !== undefined) origins.set('proxyBypass', proxy.bypass.origin);
  const config: AgentConfig = {
    ...assemble(chosen, name),
    ...(proxy.routes !== undefined && { proxy: proxy.routes.value }),
    ...(proxy.bypass !== undefined && { proxyBypass: proxy.bypass.value }),
  };
  refuse(checkTogether(config, origins));
  const warnings = [...oddVariables(inputs.env), ...oddTogether(config), ...proxy.warnings];
  return { config, origins, warnings };
}

function givenAt(path: string, chosen: Chosen): Given | undefined {
  return [...chosen].find(([option]) => option.path === path)?.[1];
}

function refuse(findings: readonly string[]): void {
  if (findings.length === 0) return;
  const message = ['the agent configuration cannot be used:', ...findings].join('\n  ');
  throw new AgentError('AGENT_CONFIG_INVALID', message);
}

function originOf(given: Given | undefined): Origin {
  return given?.origin ?? { layer: 'default', name: '' };
}

/** A file that was asked for must be there; the one in the usual place may be missing. */
function readConfigFile({ flags, env, readFile }: ConfigInputs): {
  name: string;
  file: ConfigFile;
  findings: string[];
} {
  const flag = flags[CONFIG_FILE.flag];
  const asked = (typeof flag === 'string' ? flag : env[CONFIG_FILE.variable]) || undefined;
  const name = asked ?? CONFIG_FILE.default;
  const findings: string[] = [];
  let text: string | undefined;
  try {
    text = readFile(name);
    if (text === undefined && asked !== undefined) findings.push(`${name}: there is no such file`);
  } catch (error) {
    findings.push(`${name}: ${reasonOf(error)}`);
  }
  const file = parseConfigFile(name, text ?? '');
  const wrong = checkValues(file.values).map(
    ({ path, message }) => `${file.place(path)}: ${message}`,
  );
  return { name, file, findings: [...findings, ...file.findings, ...wrong] };
}

/** Values of the file were checked with it. */
function checkChosen(chosen: Chosen): string[] {
  return [...chosen].flatMap(([{ path }, { value, origin }]) =>
    origin.layer === 'file'
      ? []
      : checkValues(treeOf(path, value)).map(({ message }) => `${origin.name}: ${message}`),
  );
}

function treeOf(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((below, step) => ({ [step]: below }), value);
}

/** Every group of the table is there, whether an option of it has a value or not. */
function assemble(chosen: Chosen, file: string): AgentConfig {
  const root: Record<string, unknown> = {};
  for (const option of OPTIONS) {
    const steps = option.path.split('.');
    const name = steps.pop()!;
    let group = root;
    for (const step of steps) {
      group[step] ??= {};
      group = group[step] as Record<string, unknown>;
    }
    const given = chosen.get(option);
    const value = given === undefined ? option.default : finished(option, given, file);
    if (value !== undefined) group[name] = value;
  }
  // The table and the type have the same members; a test compares them.
  return root as unknown as AgentConfig;
}

function finished({ type }: Option, { value, origin }: Given, file: string): unknown {
  const located = origin.layer === 'file' ? (type.locate?.(value as never, file) ?? value) : value;
  return type.normalize?.(located as never) ?? located;
}

/** Not an error: a service in the same cluster named dcr-agent makes such variables too. */
function oddVariables(env: Variables): string[] {
  const known = [CONFIG_FILE.variable, ...OPTIONS.map(variableOf)];
  return Object.keys(env)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.includes(name))
    .map((name) => {
      const meant = didYouMean(name, known);
      return `the variable ${name} is not an option${meant === undefined ? '' : `; ${meant}`}`;
    });
}
