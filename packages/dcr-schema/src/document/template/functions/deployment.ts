/**
 * Functions whose values only a deployment knows. Sources: "Deployment functions", "Resource
 * functions" and "Scope functions for ARM templates". What hashes its arguments is among them:
 * the hash is not published.
 */
import { ofAnything, type TemplateFunction } from './function.ts';

function knownWhenDeployed(name: string, signature: string): TemplateFunction {
  return ofAnything(name, signature, (call) => call.unknown(`${name}() is known when deployed`));
}

/** `list`, `listKeys`, `listSecrets`, …: which there are, the resource types say. */
export const LIST_FUNCTION: TemplateFunction = ofAnything('list*', 'any any? any?', (call) => {
  return call.unknown(`${call.name}() is known when deployed`);
});

/**
 * What policies know besides: the values they hand to the template they deploy may use them.
 * Source: "Azure Policy definition structure policy rule", policy functions.
 */
const POLICY_FUNCTIONS: readonly TemplateFunction[] = [
  knownWhenDeployed('field', 'any'),
  knownWhenDeployed('current', 'any?'),
  knownWhenDeployed('policy', ''),
  knownWhenDeployed('requestContext', ''),
  knownWhenDeployed('claims', ''),
  knownWhenDeployed('addDays', 'any any'),
  knownWhenDeployed('ipRangeContains', 'any any'),
];

/** What it compares, and whether with regard to letter case, is not published. */
const LIKE: TemplateFunction = ofAnything('like', 'any any', (call) => {
  return call.unknown('like() is not evaluated');
});

/** With their signatures. */
export const DEPLOYMENT_FUNCTIONS: readonly TemplateFunction[] = [
  ...POLICY_FUNCTIONS,
  LIKE,
  knownWhenDeployed('deployment', ''),
  knownWhenDeployed('deployer', ''),
  knownWhenDeployed('environment', ''),
  knownWhenDeployed('resourceGroup', 'any*'),
  knownWhenDeployed('subscription', 'any*'),
  knownWhenDeployed('managementGroup', 'any*'),
  knownWhenDeployed('tenant', ''),
  knownWhenDeployed('reference', 'any any? any?'),
  knownWhenDeployed('references', 'any any*'),
  knownWhenDeployed('resourceInfo', 'any'),
  knownWhenDeployed('roleDefinitions', 'any'),
  knownWhenDeployed('extensions', 'any'),
  knownWhenDeployed('providers', 'any any?'),
  knownWhenDeployed('pickZones', 'any any any any? any?'),
  knownWhenDeployed('toLogicalZone', 'any any any'),
  knownWhenDeployed('toLogicalZones', 'any any any'),
  knownWhenDeployed('toPhysicalZone', 'any any any'),
  knownWhenDeployed('toPhysicalZones', 'any any any'),
  knownWhenDeployed('externalInput', 'any any?'),
  knownWhenDeployed('getSecret', 'any any any any?'),
  knownWhenDeployed('newGuid', ''),
  knownWhenDeployed('utcNow', 'any?'),
  knownWhenDeployed('guid', 'any any*'),
  knownWhenDeployed('uniqueString', 'any any*'),
];
