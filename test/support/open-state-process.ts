/** Opens and closes the buffer of a state directory, and says how that went, as JSON. */
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { exitCodeOf, lastWords } from '../../packages/agent/src/cli/exit-codes.ts';
import { createFakeHost } from './fake-host.ts';

try {
  await openSqliteBuffer({ path: process.argv[2]!, host: createFakeHost() }).close();
  console.log(JSON.stringify({ code: 0, words: '' }));
} catch (error) {
  console.log(JSON.stringify({ code: exitCodeOf(error), words: lastWords(error) }));
}
