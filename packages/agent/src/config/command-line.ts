/** The options as commands declare them, and what a command line said about them. */
import { flagOf, type Option } from './option.ts';
import { CONFIG_FILE, OPTIONS } from './options.ts';

export interface FlagDeclaration {
  /** `--state-dir <folder>` */
  readonly flags: string;
  readonly help: string;
}

/** What was given on the command line: path of the option, or `config`, → text, or `true`. */
export type GivenFlags = Readonly<Record<string, string | true>>;

/** One per option, the configuration file first. */
export function flagDeclarations(): FlagDeclaration[] {
  const config = {
    flags: `--${CONFIG_FILE.flag} <file>`,
    help: `configuration file (default: ${CONFIG_FILE.default})`,
  };
  return [config, ...OPTIONS.map(declaration)];
}

function declaration(option: Option): FlagDeclaration {
  const isSwitch = option.type.schema.type === 'boolean';
  const value = isSwitch ? '' : ` <${option.type.placeholder}>`;
  const otherwise = option.otherwise ?? defaultText(option);
  const help = otherwise === undefined ? option.help : `${option.help} (default: ${otherwise})`;
  return { flags: `--${flagOf(option)}${value}`, help };
}

/** A default as one would write it; `undefined` when there is none worth a word. */
export function defaultText({ default: value }: Option): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',');
  if (typeof value === 'object') return undefined;
  return String(value);
}

/** From a parser's result, where `--state-dir` has become `stateDir`. Other members are ignored. */
export function givenFlags(parsed: Readonly<Record<string, unknown>>): GivenFlags {
  const given: Record<string, string | true> = {};
  const take = (path: string, flag: string): void => {
    const value = parsed[flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'string' || value === true) given[path] = value;
  };
  take(CONFIG_FILE.flag, CONFIG_FILE.flag);
  for (const option of OPTIONS) take(option.path, flagOf(option));
  return given;
}
