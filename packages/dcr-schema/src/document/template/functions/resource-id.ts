/**
 * Resource ids. Source: "Resource functions for ARM templates". An id whose subscription or
 * resource group is that of the deployment is not known.
 */
import { count, nameOf } from '../../../rule/text/show.ts';
import type { Value } from '../value.ts';
import { type FunctionCall, ofWhole, type TemplateFunction, textAt } from './function.ts';

/** Arguments before the type, which is the first with a slash that they may all precede. */
interface Parts {
  readonly kind: 'parts';
  readonly leading: readonly string[];
  /** `type/name/type/name` behind the provider. */
  readonly path: string;
}

function partsOf(
  call: FunctionCall,
  args: readonly Value[],
  leadingMax: number,
): Parts | { readonly kind: 'wrong'; readonly value: Value } {
  const texts = args.map((_, index) => textAt(args, index));
  const at = texts.findIndex((text, index) => index <= leadingMax && text.includes('/'));
  const type = texts[at];
  if (type === undefined) {
    const value = call.refuse(
      `${call.name}() has no argument that is a resource type, as 'a.b/c' is`,
    );
    return { kind: 'wrong', value };
  }
  // A slash at the end is seen in templates that work.
  const [provider = '', ...segments] = type.replace(/\/$/, '').split('/');
  const names = texts.slice(at + 1);
  if (names.length !== segments.length) {
    const wanted = count(segments.length, 'name');
    const message = `the resource type ${nameOf(type)} takes ${wanted}, not ${names.length}`;
    return { kind: 'wrong', value: call.refuse(message) };
  }
  const path = segments.flatMap((segment, index) => [segment, names[index] ?? '']);
  return { kind: 'parts', leading: texts.slice(0, at), path: [provider, ...path].join('/') };
}

function resourceId(call: FunctionCall, args: readonly Value[]): Value {
  const parts = partsOf(call, args, 2);
  if (parts.kind === 'wrong') return parts.value;
  const [subscription, group] = parts.leading;
  if (subscription === undefined) {
    return call.unknown('the subscription and resource group are known when deployed');
  }
  if (group === undefined) return call.unknown('the subscription is known when deployed');
  const scope = `/subscriptions/${subscription}/resourceGroups/${group}`;
  return call.text(`${scope}/providers/${parts.path}`);
}

function subscriptionResourceId(call: FunctionCall, args: readonly Value[]): Value {
  const parts = partsOf(call, args, 1);
  if (parts.kind === 'wrong') return parts.value;
  const [subscription] = parts.leading;
  if (subscription === undefined) return call.unknown('the subscription is known when deployed');
  return call.text(`/subscriptions/${subscription}/providers/${parts.path}`);
}

function managementGroupResourceId(call: FunctionCall, args: readonly Value[]): Value {
  const parts = partsOf(call, args, 1);
  if (parts.kind === 'wrong') return parts.value;
  const [group] = parts.leading;
  if (group === undefined) return call.unknown('the management group is known when deployed');
  const scope = `/providers/Microsoft.Management/managementGroups/${group}`;
  return call.text(`${scope}/providers/${parts.path}`);
}

function tenantResourceId(call: FunctionCall, args: readonly Value[]): Value {
  const parts = partsOf(call, args, 0);
  return parts.kind === 'wrong' ? parts.value : call.text(`/providers/${parts.path}`);
}

function extensionResourceId(call: FunctionCall, args: readonly Value[]): Value {
  const parts = partsOf(call, args.slice(1), 0);
  if (parts.kind === 'wrong') return parts.value;
  return call.text(`${textAt(args, 0)}/providers/${parts.path}`);
}

/** With their signatures. */
export const RESOURCE_ID_FUNCTIONS: readonly TemplateFunction[] = [
  ofWhole('resourceId', 'text text text*', resourceId),
  ofWhole('subscriptionResourceId', 'text text text*', subscriptionResourceId),
  ofWhole('managementGroupResourceId', 'text text text*', managementGroupResourceId),
  ofWhole('tenantResourceId', 'text text text*', tenantResourceId),
  ofWhole('extensionResourceId', 'text text text text*', extensionResourceId),
];
