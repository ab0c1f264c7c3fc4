/**
 * By which numbers a workspace knows this machine: `x-ms-UUID`, which becomes `VMUUID`, and
 * `x-ms-OMSCloudId`.
 *
 * Sources: the legacy agent sends the SMBIOS UUID, and the chassis's asset tag where it begins
 * with 77, as every virtual machine of Azure has it; a third-party collector sends the metadata
 * service's `vmId` as UUID. Inferred: where each of the two is to be preferred. In Azure that is
 * `vmId`: machines of the first generation have the first half of the SMBIOS UUID in another
 * order of bytes (source: cloud-init, `identity.py` of its Azure data source), and only root may
 * read it. Elsewhere `vmId` is Azure Arc's own number, and the hardware's goes first.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MachineNumbers {
  /** GUID in lower case. */
  readonly uuid?: string;
  /** `7783-7084-3265-9085-8269-3286-77` */
  readonly cloudId?: string;
}

/** Source: sysfs, `class/dmi/id`; `product_uuid` is for root, `chassis_asset_tag` for all. */
const FIRMWARE = '/sys/class/dmi/id';
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const AZURE_TAG = /^77[0-9]{2}(?:-[0-9]{2,4})+$/;
/** What firmware says that was never given a number. Source: SMBIOS 3.7 §7.2.1. */
const UNSET = /^(?:0|f)[0f-]*$/;

/** Never throws. `vmId`: what the metadata service says, where it was asked. */
export function readMachineNumbers(
  vmId: string | undefined,
  folder: string = FIRMWARE,
): MachineNumbers {
  const tag = readLine(join(folder, 'chassis_asset_tag'));
  const cloudId = tag !== undefined && AZURE_TAG.test(tag) ? tag : undefined;
  const firmware = guidOf(readLine(join(folder, 'product_uuid')));
  const metadata = guidOf(vmId);
  const uuid = cloudId === undefined ? (firmware ?? metadata) : (metadata ?? firmware);
  return { ...(uuid !== undefined && { uuid }), ...(cloudId !== undefined && { cloudId }) };
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function guidOf(text: string | undefined): string | undefined {
  const guid = text?.toLowerCase();
  return guid !== undefined && GUID.test(guid) && !UNSET.test(guid) ? guid : undefined;
}
