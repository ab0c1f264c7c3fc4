/**
 * A password on the command line can be read by every user of the machine, for as long as the
 * process runs. The title of the process is what they read: it can be written anew without it.
 */
import { flagOf } from '../config/option.ts';
import { OPTIONS } from '../config/options.ts';

const SECRET_FLAGS: ReadonlySet<string> = new Set(
  OPTIONS.filter(({ type }) => type.schema.writeOnly === true).map(
    (option) => `--${flagOf(option)}`,
  ),
);
const MASK = '***';

/** `undefined` when nothing on the command line has to be hidden. */
export function titleWithoutSecrets(args: readonly string[]): string | undefined {
  const shown = args.map((arg, index) => {
    const [flag = '', ...value] = arg.split('=');
    if (SECRET_FLAGS.has(flag) && value.length > 0) return `${flag}=${MASK}`;
    return SECRET_FLAGS.has(args[index - 1] ?? '') ? MASK : arg;
  });
  const isHidden = shown.some((arg, index) => arg !== args[index]);
  return isHidden ? ['dcr-agent', ...shown].join(' ') : undefined;
}
