#!/usr/bin/env node
// Says what is missing before anything newer than this line is loaded.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `dcr-agent needs Node 24 or newer; this is ${process.version}. In a checkout, \`npx dcr-agent\` uses the right one.`,
  );
  process.exit(78);
}
if (process.argv[2] === 'run') beginLean();
await import('../dist/bundle/main.js');

/**
 * Replaces this process, under the same number, by one that is told two things about memory which
 * nobody can be told later: to give back what is large as soon as it is free (the C library
 * otherwise learns to keep it), and to keep little room for young objects, of which there are few
 * here. Under full load that makes 60 MB. Whoever has set the former has decided both.
 */
function beginLean() {
  const { argv, channel, env, execArgv, execPath } = process;
  const isDecided = 'MALLOC_MMAP_THRESHOLD_' in env || channel !== undefined;
  if (process.platform !== 'linux' || isDecided) return;
  const args = [execPath, ...execArgv, '--max-semi-space-size=2', ...argv.slice(1)];
  try {
    process.execve(execPath, args, { ...env, MALLOC_MMAP_THRESHOLD_: '65536' });
  } catch {
    // Where that is not allowed it takes more memory, and nothing else is different.
  }
}
