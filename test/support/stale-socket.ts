/** A socket file that nobody listens on, as a killed process leaves it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const LISTEN = `require('node:net').createServer().listen(process.argv[1], () => process.stdout.write('.'))`;

export async function staleSocket(path: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', LISTEN, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}
