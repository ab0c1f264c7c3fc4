/** The logon the examples in the README of the event queries speak of. */
import type { EventElement } from '@dcr-agent/schema';
import { data, element, text, value } from './event-elements.ts';

export const logonEvent: EventElement = element('Event', {}, [
  element('System', {}, [
    element('Provider', {
      Name: text('Microsoft-Windows-Security-Auditing'),
      Guid: value('guid', '{54849625-5478-4994-a5ba-3e3b0328c30d}'),
    }),
    element('EventID', { Qualifiers: value('uint', '16384') }, value('uint', '4624')),
    element('Version', {}, value('uint', '2')),
    element('Level', {}, value('uint', '0')),
    element('Task', {}, value('uint', '12544')),
    element('Opcode', {}, value('uint', '0')),
    element('Keywords', {}, value('hex', '0x8020000000000000')),
    element('TimeCreated', { SystemTime: value('time', '2025-06-08T07:12:52.1635583Z') }),
    element('EventRecordID', {}, value('uint', '9007199254740993')),
    element('Correlation'),
    element('Execution', { ProcessID: value('uint', '780'), ThreadID: value('uint', '4632') }),
    element('Channel', {}, text('Security')),
    element('Computer', {}, text('dc1.contoso.com')),
    element('Security'),
  ]),
  element('EventData', {}, [
    data('SubjectUserSid', value('sid', 'S-1-5-18')),
    data('SubjectUserName', text('DC1$')),
    data('SubjectLogonId', value('hex', '0x3e7')),
    data('TargetUserSid', value('sid', 'S-1-5-21-1-2-3-1001')),
    data('TargetUserName', text('Anna\0')),
    data('LogonType', value('uint', '10')),
    data('LogonProcessName', text('Advapi  ')),
    data('LogonGuid', value('guid', '{00000000-0000-0000-0000-00000000abcd}')),
    data('TransmittedServices', null),
    data('ElevatedToken', value('boolean', 'true')),
    data('KeyLength', value('int', '-128')),
    data('Ratio', value('float', '1.5')),
    data('IpAddress', text('::1')),
    data('LoadedAt', value('time', '2025-06-08T00:00:00.0000000Z')),
    element('Binary', {}, value('binary', '00FF10')),
  ]),
]);
