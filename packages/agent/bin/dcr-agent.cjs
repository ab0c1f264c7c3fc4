#!/usr/bin/env node
'use strict';
// Says what is missing before anything newer than this line is loaded.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `dcr-agent needs Node 24 or newer; this is ${process.version}. In a checkout, \`npx dcr-agent\` uses the right one.`,
  );
  process.exit(78);
}
if (process.argv[2] === 'run') {
  // As `startLean` in src/host/engine-memory.ts, which is too late for what loads modules: 2 MB.
  const { setFlagsFromString } = require('node:v8');
  setFlagsFromString('--no-maglev');
  setFlagsFromString('--no-turbofan');
}
void import('../dist/bundle/main.js');
