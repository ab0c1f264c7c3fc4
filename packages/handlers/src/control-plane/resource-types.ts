import { associations } from './associations.ts';
import { endpoints } from './endpoints.ts';
import { machines } from './machines.ts';
import type { ResourceType } from './resource-type.ts';
import { rules } from './rules.ts';
import { workspaces } from './workspaces.ts';

/** Every resource type the control plane keeps. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  rules,
  endpoints,
  associations,
  workspaces,
  machines,
];
