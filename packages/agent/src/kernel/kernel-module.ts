/**
 * What is compiled to WebAssembly, `packages/agent/kernel`. Each part has a twin in TypeScript
 * that does the same, slower.
 */
import { readFileSync } from 'node:fs';

/** Made by the build; source, compiled files and bundle are all two folders away from it. */
const FOLDER = new URL('../../kernel/', import.meta.url);

/** Throws where the engine has no WebAssembly with SIMD, or the kernel was not built. */
export function loadKernel(name: 'deflate' | 'syslog'): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, FOLDER)));
}

/**
 * Loads a kernel when it is first asked for. `undefined` where it cannot run, of which
 * `onFailure` is told once.
 */
export function kernelOnDemand(
  name: 'deflate' | 'syslog',
  onFailure: (error: unknown) => void,
): () => WebAssembly.Module | undefined {
  let isAsked = false;
  let module: WebAssembly.Module | undefined;
  return () => {
    if (isAsked) return module;
    isAsked = true;
    try {
      module = loadKernel(name);
    } catch (error) {
      onFailure(error);
    }
    return module;
  };
}
