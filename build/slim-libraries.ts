/**
 * What is left out of libraries and of Node's own modules when the command is bundled, because
 * it costs more than what is used of it. A name that is missing here and used there fails the
 * build.
 */
import type { Plugin } from 'esbuild';

/** Globals that load a second HTTP client when a library asks whether they are there. */
export const ABSENT_GLOBALS: Readonly<Record<string, string>> = { FormData: 'undefined' };

const CRYPTO = [
  'createHash',
  'createHmac',
  'createPrivateKey',
  'hash',
  'randomUUID',
  'X509Certificate',
];

/**
 * Importing one of these reads every member, and some load half a megabyte when they are read: a
 * second HTTP client, Web Crypto. Asking for the module itself does not. Starting programs loads a
 * network stack, so the one command that does asks for it then; importing the process sets up its
 * three streams.
 */
const BUILTINS: Readonly<Record<string, string>> = {
  child_process: `export default {};
    export const execFile = (...how) =>
      process.getBuiltinModule('node:child_process').execFile(...how);`,
  crypto: membersOf('crypto', CRYPTO),
  http: membersOf('http', ['createServer', 'request']),
  process: 'export default globalThis.process;',
};

function membersOf(name: string, members: readonly string[]): string {
  const exported = members.map((member) => `export const ${member} = builtin.${member};`);
  const builtin = `const builtin = process.getBuiltinModule('node:${name}');`;
  return [builtin, 'export default builtin;', ...exported].join('\n');
}

export const slimBuiltins: Plugin = {
  name: 'slim builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      const isImport = kind === 'import-statement' && Object.hasOwn(BUILTINS, name);
      return isImport ? { path: name, namespace: 'builtin' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: BUILTINS[path] as string,
    }));
  },
};

interface Part {
  /** As it is imported, and by whom. */
  readonly path: RegExp;
  readonly importer: RegExp;
  readonly contents: string;
}

const NOT_THERE = 'module.exports = undefined;';

const PARTS: readonly Part[] = [
  {
    // Of the HTTP client: connections, pools, requests and tunnels; no fetch, mocks, or caches.
    path: /^undici$/,
    importer: /\/packages\/agent\//,
    contents: `
      import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
      import request from 'undici/lib/api/api-request.js';
      import connect from 'undici/lib/api/api-connect.js';
      Object.assign(Dispatcher.prototype, { request, connect });
      export { default as Agent } from 'undici/lib/dispatcher/agent.js';
      export { default as Client } from 'undici/lib/dispatcher/client.js';
      export { default as buildConnector } from 'undici/lib/core/connect.js';`,
  },
  // HTTP/2 is switched off, and the parser that is being tried out is not.
  { path: /\/client-h2\.js$/, importer: /\/undici\//, contents: NOT_THERE },
  { path: /\/milo\//, importer: /\/undici\//, contents: NOT_THERE },
  // Log lines are written by the agent itself, not by a thread.
  { path: /\/transport$/, importer: /\/pino\//, contents: NOT_THERE },
  // Threads are started by the agent itself, when there is something for them to do.
  {
    path: /^(node:)?worker_threads$/,
    importer: /\/(pino|undici)\//,
    contents: 'module.exports = { isMainThread: true, markAsUncloneable() {} };',
  },
  // Of the identity SDK only managed identities are used: no browser is opened, nothing signed.
  { path: /^open$/, importer: /\/@azure\//, contents: 'export default undefined;' },
  { path: /^jsonwebtoken$/, importer: /\/@azure\//, contents: 'export default {};' },
];

export const slimLibraries: Plugin = {
  name: 'slim libraries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer, resolveDir, namespace }) => {
      if (namespace === 'slim') return undefined;
      const at = PARTS.findIndex((part) => part.path.test(path) && part.importer.test(importer));
      if (at < 0) return undefined;
      return { path, namespace: 'slim', pluginData: { at, resolveDir } };
    });
    onLoad({ filter: /.*/, namespace: 'slim' }, ({ pluginData }) => {
      const { at, resolveDir } = pluginData as { at: number; resolveDir: string };
      return { contents: PARTS[at]!.contents, resolveDir, loader: 'js' };
    });
  },
};
