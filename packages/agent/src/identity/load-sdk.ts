/**
 * Loads the SDK when a token is asked for: an agent with only local rules may never need one.
 *
 * A module that is loaded stays, and this one takes 5 MB for an answer once a day. Where the
 * agent is bundled this module is exchanged for one that evaluates the SDK anew each time, in
 * some 50 ms, and lets go of it (`build/released-sdk.ts`).
 */
import type { createSdkCredential } from './sdk-credential.ts';

export async function loadSdk(): Promise<{ createSdkCredential: typeof createSdkCredential }> {
  return import('./sdk-credential.ts');
}
