/** What an operator can do about an address that cannot be listened on. */
import { dirname } from 'node:path';

/** For a port; `undefined` where there is nothing to say beyond the system's reason. */
export function portAdvice(code: unknown, port: number): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return 'stop what listens there, or configure another port';
    case 'EADDRNOTAVAIL':
      return 'configure an address that this machine has';
    case 'EACCES':
      return port < 1024
        ? 'give the agent CAP_NET_BIND_SERVICE, or configure a port from 1024 on'
        : undefined;
    default:
      return undefined;
  }
}

/** For the path of a Unix socket. */
export function pathAdvice(code: unknown, path: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return `make the folder ${dirname(path)}`;
    case 'EACCES':
    case 'EPERM':
      return `let the agent write in ${dirname(path)}`;
    case 'EADDRINUSE':
      return 'configure another path';
    default:
      return undefined;
  }
}
