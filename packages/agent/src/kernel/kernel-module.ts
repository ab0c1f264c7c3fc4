/**
 * What is compiled to WebAssembly, `packages/agent/kernel`. Each part has a twin in TypeScript
 * that does the same, slower.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Made by the build; source, compiled files and bundle are all two folders away from it. */
const FOLDER = new URL('../../kernel/', import.meta.url);

/** After so much work V8 optimises a function: its default, as `node --v8-options` tells. */
const TIERING_BUDGET = 13_000_000;

export type KernelName = 'deflate' | 'syslog' | 'lines';

/** Throws where the engine has no WebAssembly with SIMD, or the kernel was not built. */
export function loadKernel(name: KernelName): WebAssembly.Module {
  const bytes = readFileSync(new URL(`${name}.wasm`, FOLDER));
  // From now on hot WebAssembly is optimised, whatever the start of the agent has said.
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  return new WebAssembly.Module(bytes);
}

/**
 * Loads kernels when they are first asked for. `undefined` for one that cannot run, of which
 * `onFailure` is told once.
 */
export function kernelsOnDemand(
  onFailure: (name: KernelName, error: unknown) => void,
): (name: KernelName) => WebAssembly.Module | undefined {
  const modules = new Map<KernelName, WebAssembly.Module | undefined>();
  return (name) => {
    if (modules.has(name)) return modules.get(name);
    modules.set(name, undefined);
    try {
      modules.set(name, loadKernel(name));
    } catch (error) {
      onFailure(name, error);
    }
    return modules.get(name);
  };
}
