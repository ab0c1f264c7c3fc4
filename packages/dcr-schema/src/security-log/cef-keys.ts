/**
 * Which columns of CommonSecurityLog a key of a CEF extension fills. A key that is not here goes
 * to AdditionalExtensions.
 * Source: Microsoft Sentinel documentation, "CEF and CommonSecurityLog field mapping", read
 * 2026-11. `cat`, `end`, `reason` and `start` are inferred: key and column have one name.
 */

/** By name of key, as written in the format; `deviceCustomDate1` and the like are added below. */
const COLUMNS: Readonly<Record<string, string>> = {
  act: 'DeviceAction',
  app: 'ApplicationProtocol',
  cat: 'DeviceEventCategory',
  cnt: 'EventCount',
  destinationDnsDomain: 'DestinationDnsDomain',
  destinationServiceName: 'DestinationServiceName',
  destinationTranslatedAddress: 'DestinationTranslatedAddress',
  destinationTranslatedPort: 'DestinationTranslatedPort',
  deviceDirection: 'CommunicationDirection',
  deviceDnsDomain: 'DeviceDnsDomain',
  deviceExternalId: 'DeviceExternalID',
  deviceFacility: 'DeviceFacility',
  deviceInboundInterface: 'DeviceInboundInterface',
  deviceNtDomain: 'DeviceNtDomain',
  deviceOutboundInterface: 'DeviceOutboundInterface',
  devicePayloadId: 'DevicePayloadId',
  deviceProcessName: 'ProcessName',
  deviceTranslatedAddress: 'DeviceTranslatedAddress',
  dhost: 'DestinationHostName',
  dmac: 'DestinationMACAddress',
  dntdom: 'DestinationNTDomain',
  dpid: 'DestinationProcessId',
  dpriv: 'DestinationUserPrivileges',
  dproc: 'DestinationProcessName',
  dpt: 'DestinationPort',
  dst: 'DestinationIP',
  dtz: 'DeviceTimeZone',
  duid: 'DestinationUserID',
  duser: 'DestinationUserName',
  dvc: 'DeviceAddress',
  dvchost: 'DeviceName',
  dvcmac: 'DeviceMacAddress',
  dvcpid: 'ProcessID',
  end: 'EndTime',
  externalId: 'ExternalID ExtID',
  fileCreateTime: 'FileCreateTime',
  fileHash: 'FileHash',
  fileId: 'FileID',
  fileModificationTime: 'FileModificationTime',
  filePath: 'FilePath',
  filePermission: 'FilePermission',
  fileType: 'FileType',
  fname: 'FileName',
  fsize: 'FileSize',
  in: 'ReceivedBytes',
  msg: 'Message',
  oldFileCreateTime: 'OldFileCreateTime',
  oldFileHash: 'OldFileHash',
  oldFileId: 'OldFileID',
  oldFileModificationTime: 'OldFileModificationTime',
  oldFileName: 'OldFileName',
  oldFilePath: 'OldFilePath',
  oldFilePermission: 'OldFilePermission',
  oldFileSize: 'OldFileSize',
  oldFileType: 'OldFileType',
  out: 'SentBytes',
  outcome: 'EventOutcome',
  proto: 'Protocol',
  reason: 'Reason',
  request: 'RequestURL',
  requestClientApplication: 'RequestClientApplication',
  requestContext: 'RequestContext',
  requestCookies: 'RequestCookies',
  requestMethod: 'RequestMethod',
  rt: 'ReceiptTime',
  shost: 'SourceHostName',
  smac: 'SourceMACAddress',
  sntdom: 'SourceNTDomain',
  sourceDnsDomain: 'SourceDnsDomain',
  sourceServiceName: 'SourceServiceName',
  sourceTranslatedAddress: 'SourceTranslatedAddress',
  sourceTranslatedPort: 'SourceTranslatedPort',
  spid: 'SourceProcessId',
  spriv: 'SourceUserPrivileges',
  sproc: 'SourceProcessName',
  spt: 'SourcePort',
  src: 'SourceIP',
  start: 'StartTime',
  suid: 'SourceUserID',
  suser: 'SourceUserName',
  type: 'EventType',
};

/** Keys that come with a number, up to so many, and with a label each. */
const NUMBERED: readonly (readonly [key: string, column: string, max: number])[] = [
  ['c6a', 'DeviceCustomIPv6Address', 4],
  ['cfp', 'DeviceCustomFloatingPoint', 4],
  ['cn', 'DeviceCustomNumber', 3],
  ['cs', 'DeviceCustomString', 6],
  ['deviceCustomDate', 'DeviceCustomDate', 2],
  ['flexDate', 'FlexDate', 1],
  ['flexNumber', 'FlexNumber', 2],
  ['flexString', 'FlexString', 2],
];

const COLUMNS_BY_KEY: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(COLUMNS).map(([key, columns]) => [key, columns.split(' ')] as const),
  ...NUMBERED.flatMap(([key, column, max]) =>
    Array.from({ length: max }, (_, i) => numbered(key, column, i + 1)).flat(),
  ),
]);

function numbered(key: string, column: string, n: number): (readonly [string, string[]])[] {
  const wide = key === 'cn' ? [`FieldDeviceCustomNumber${n}`] : [];
  return [
    [`${key}${n}`, [`${column}${n}`, ...wide]],
    [`${key}${n}Label`, [`${column}${n}Label`]],
  ];
}

/** Keys are compared as they are written. Nothing for one that has no column. */
export function columnsOfKey(key: string): readonly string[] {
  return COLUMNS_BY_KEY.get(key) ?? [];
}
