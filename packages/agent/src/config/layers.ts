/** The places an option may be set in, each asked for one option at a time. */
import type { GivenFlags } from './command-line.ts';
import type { ConfigFile } from './config-file.ts';
import { flagOf, type Option, variableOf } from './option.ts';

export interface Origin {
  readonly layer: 'flag' | 'variable' | 'file' | 'profile' | 'default';
  /** `--state-dir`, `DCR_AGENT_STATE_DIR`, `/etc/dcr-agent/agent.yaml:3:1`; empty for a default. */
  readonly name: string;
}

export interface Given {
  /** As it was read, not checked yet. */
  readonly value: unknown;
  readonly origin: Origin;
}

export type Variables = Readonly<Record<string, string | undefined>>;

export function fromFlag(option: Option, flags: GivenFlags): Given | undefined {
  const given = flags[option.path];
  if (given === undefined) return undefined;
  const value = given === true ? true : option.type.fromText(given);
  return { value, origin: { layer: 'flag', name: `--${flagOf(option)}` } };
}

/** An empty variable is one that is not set: shells and containers make no difference. */
export function fromVariable(option: Option, env: Variables): Given | undefined {
  for (const name of [variableOf(option), option.alsoVariable ?? '']) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') {
      return { value: option.type.fromText(text), origin: { layer: 'variable', name } };
    }
  }
  return undefined;
}

/** What a profile sets is a default of its own: everything else goes before it. */
export function fromProfile({ legacy }: Option, profile: unknown): Given | undefined {
  if (profile !== 'legacy' || legacy === undefined) return undefined;
  return { value: legacy, origin: { layer: 'profile', name: 'delivery.profile: legacy' } };
}

export function fromFile(option: Option, file: ConfigFile): Given | undefined {
  const steps = option.path.split('.');
  let value: unknown = file.values;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (value === undefined) return undefined;
  return { value, origin: { layer: 'file', name: file.place(steps) } };
}
