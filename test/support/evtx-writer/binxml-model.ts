/** What an author can put into a record. */
import type { ScalarType } from './values.ts';

export interface SlotSpec {
  readonly slot: number;
  /** Writes the optional substitution token. */
  readonly isOptional?: boolean;
}

/** An entity reference such as `&amp;`, written as its own token. */
export interface EntitySpec {
  readonly entity: string;
}

export interface CharacterSpec {
  readonly character: number;
}

export interface CdataSpec {
  readonly cdata: string;
}

export type ContentSpec =
  | string
  | SlotSpec
  | EntitySpec
  | CharacterSpec
  | CdataSpec
  | ElementSpec
  | InstanceSpec;

export interface ElementSpec {
  readonly name: string;
  readonly attributes?: readonly (readonly [name: string, ...parts: (string | SlotSpec)[]])[];
  readonly children?: readonly ContentSpec[];
  /** The slot the element depends on; written inside templates only. */
  readonly dependsOn?: number;
}

export interface TemplateSpec {
  readonly guid: string;
  readonly root: ElementSpec;
}

export type ValueSpec =
  | { readonly type: ScalarType; readonly text: string }
  | { readonly type: ScalarType; readonly items: readonly string[] }
  /** A nested fragment: with its header, or without as Windows often writes it. */
  | { readonly fragment: InstanceSpec | ElementSpec; readonly hasHeader?: boolean }
  /** Bytes as they are, under any type code. */
  | { readonly typeCode: number; readonly bytes: Uint8Array };

export interface InstanceSpec {
  readonly template: TemplateSpec;
  readonly values: readonly ValueSpec[];
}
