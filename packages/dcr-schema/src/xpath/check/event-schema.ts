/**
 * The elements and attributes an event can have.
 * Source: Event Schema (win32/wes/eventschema-schema), SystemPropertiesType and EventDataType.
 */

export interface SchemaElement {
  /** Absent: any child may occur. */
  readonly children?: Readonly<Record<string, SchemaElement>>;
  /** Absent: any attribute may occur. */
  readonly attributes?: readonly string[];
}

const leaf = (...attributes: readonly string[]): SchemaElement => ({ children: {}, attributes });

export const SYSTEM_ELEMENTS: Readonly<Record<string, SchemaElement>> = {
  Provider: leaf('Name', 'Guid', 'EventSourceName'),
  EventID: leaf('Qualifiers'),
  Version: leaf(),
  Level: leaf(),
  Task: leaf(),
  Opcode: leaf(),
  Keywords: leaf(),
  TimeCreated: leaf('SystemTime', 'RawTime'),
  EventRecordID: leaf(),
  Correlation: leaf('ActivityID', 'RelatedActivityID'),
  Execution: leaf(
    'ProcessID',
    'ThreadID',
    'ProcessorID',
    'SessionID',
    'KernelTime',
    'UserTime',
    'ProcessorTime',
  ),
  Channel: leaf(),
  Computer: leaf(),
  Container: leaf(),
  Security: leaf('UserID'),
};

export const EVENT_SCHEMA: SchemaElement = {
  children: {
    System: { children: SYSTEM_ELEMENTS, attributes: [] },
    EventData: {
      children: { Data: leaf('Name', 'Type'), ComplexData: {}, Binary: leaf() },
      attributes: ['Name'],
    },
    UserData: {},
    DebugData: {},
    BinaryEventData: {},
    ProcessingErrorData: {},
    RenderingInfo: {},
  },
};
