#!/usr/bin/env node
// Says what is missing before anything newer than this line is loaded.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `dcr-agent needs Node 24 or newer; this is ${process.version}. In a checkout, \`npx dcr-agent\` uses the right one.`,
  );
  process.exit(78);
}
await import('../dist/bundle/main.js');
