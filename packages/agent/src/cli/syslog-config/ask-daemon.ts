/** What a daemon itself says of its configuration. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { DAEMONS, type DaemonName } from './daemon.ts';

const ANSWER_MS_MAX = 15_000;
const WORDS_BYTES_MAX = 1_048_576;
const LINES_MAX = 5;
/** Where daemons are installed; they are not on everybody's path. */
const FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** `accepted`; what it says against it; or why it cannot be asked. */
export type DaemonVerdict =
  | { readonly is: 'accepted' }
  | { readonly is: 'refused'; readonly words: string }
  | { readonly is: 'unknown'; readonly reason: string };

export async function askDaemon(
  daemon: DaemonName,
  configuration: string,
  env: NodeJS.ProcessEnv,
): Promise<DaemonVerdict> {
  const { program, syntaxCheck } = DAEMONS[daemon];
  const path = await findProgram(program, env.PATH ?? '');
  if (path === undefined) {
    return { is: 'unknown', reason: `${program} is not installed here, so it cannot be asked` };
  }
  return new Promise((resolve) => {
    const options = { timeout: ANSWER_MS_MAX, maxBuffer: WORDS_BYTES_MAX, env };
    execFile(path, syntaxCheck(configuration), options, (error, stdout, stderr) => {
      if (error === null) resolve({ is: 'accepted' });
      else if (typeof error.code === 'number') {
        resolve({ is: 'refused', words: complaints(`${stderr}\n${stdout}`) });
      } else {
        const reason = error.killed ? `gave no answer in ${ANSWER_MS_MAX / 1e3} s` : error.message;
        resolve({ is: 'unknown', reason: `${path}: ${reason}` });
      }
    });
  });
}

async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of [...searchPath.split(delimiter), ...FOLDERS]) {
    if (folder === '') continue;
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** The first lines that are more than a greeting. */
function complaints(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !/config validation run/.test(line));
  return told.slice(0, LINES_MAX).join('\n') || 'it does not say why';
}
