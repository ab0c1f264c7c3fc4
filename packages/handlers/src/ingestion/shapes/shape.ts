/**
 * How items of one stream become columns of its table, types aside. One module per stream whose
 * wire names differ from its columns; the list is in `shapes.ts`.
 */
import type { JsonObject } from '../../http/json.ts';

/** What is known of an item beside itself. */
export interface ItemOrigin {
  /** ARM id of the sender. */
  readonly resourceId: string;
  /** Address the request came from. */
  readonly clientAddress: string;
  /** The agent's own GUID, from the envelope. */
  readonly sourceComputerId?: string;
  /** SMBIOS UUID, from the `x-ms-UUID` header. */
  readonly vmUuid?: string;
  /** The `x-ms-OMSCloudId` header, which only machines in Azure send. */
  readonly cloudId?: string;
}

/** One row, or several of an item that stands for several. May throw `InvalidRequestContent`. */
export type Shape = (item: JsonObject, origin: ItemOrigin) => JsonObject | readonly JsonObject[];
