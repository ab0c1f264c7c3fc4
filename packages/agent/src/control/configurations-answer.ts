/**
 * Reads the control plane's answer into configurations, forgiving by design: a newer service
 * must not stop an older agent, and one odd configuration must not stop the others. Members
 * that are not known are ignored, members that are missing are empty, names of content kinds
 * are compared ignoring case. Kinds of data sources and protocols are not judged here.
 */
import type {
  AgentConfiguration,
  AgentSettingsContent,
  ConfigurationContent,
  WireChannel,
  WireDataSource,
  WireStream,
} from '@dcr-agent/schema';
import { AgentError } from '../errors.ts';

export interface ParsedAnswer {
  readonly configurations: readonly AgentConfiguration[];
  readonly findings: readonly AnswerFinding[];
}

/** Something of the answer that was left out. */
interface AnswerFinding {
  readonly reason: string;
  /** Set when a whole configuration was left out, and it says which. */
  readonly configurationId?: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Throws `CONTROL_PLANE_REFUSED` when it is no answer to the question at all. */
export function parseAgentConfigurations(json: unknown): ParsedAnswer {
  const list = isMembers(json) ? json.configurations : undefined;
  if (!Array.isArray(list)) {
    throw new AgentError('CONTROL_PLANE_REFUSED', "the answer has no array 'configurations'");
  }
  const findings: AnswerFinding[] = [];
  const byId = new Map<string, AgentConfiguration>();
  for (const [index, value] of list.entries()) {
    const id = isMembers(value) ? text(value.configurationId) : undefined;
    if (!isMembers(value) || id === undefined || id === '') {
      findings.push({ reason: `configuration ${index} has no configurationId` });
    } else if (byId.has(id)) {
      findings.push({ reason: `configuration '${id}' comes twice; the first one is used` });
    } else if (!isRemoval(value)) {
      const found = new Reading(id, findings).content(value.content);
      if (found === undefined) continue;
      const head = { configurationId: id, eTag: text(value.eTag) ?? '', op: text(value.op) ?? '' };
      byId.set(id, { ...head, content: found });
    }
  }
  return { configurations: [...byId.values()], findings };
}

/** Only `added` was ever seen; that a removal is spelled like this is inferred. */
function isRemoval({ op }: Members): boolean {
  return text(op)?.toLowerCase() === 'removed';
}

/** One configuration, with what had to be left out of it. */
class Reading {
  readonly #id: string;
  readonly #findings: AnswerFinding[];

  constructor(id: string, findings: AnswerFinding[]) {
    this.#id = id;
    this.#findings = findings;
  }

  content(value: unknown): ConfigurationContent | AgentSettingsContent | undefined {
    if (!isMembers(value)) return this.#refuse('has no content');
    const kind = text(value.kind);
    if (kind?.toLowerCase() === 'agentsettings') {
      return { kind: 'AgentSettings', settings: settings(value.settings ?? value.agentSettings) };
    }
    if (kind !== undefined) return this.#refuse(`is of the unknown kind '${kind}'`);
    const { dataSources, channels, extensionConfigurations } = value;
    if (!isListOrAbsent(dataSources)) return this.#refuse('has dataSources that are no array');
    if (!isListOrAbsent(channels)) return this.#refuse('has channels that are no array');
    return {
      dataSources: this.#each(dataSources, 'data source', dataSource),
      channels: this.#each(channels, 'channel', channel),
      ...(isMembers(extensionConfigurations) && {
        extensionConfigurations:
          extensionConfigurations as ConfigurationContent['extensionConfigurations'] & object,
      }),
    };
  }

  #refuse(what: string): undefined {
    const reason = `configuration '${this.#id}' ${what}`;
    this.#findings.push({ configurationId: this.#id, reason });
    return undefined;
  }

  #each<T>(
    list: readonly unknown[] | undefined,
    what: string,
    read: (members: Members) => T | undefined,
  ): T[] {
    return (list ?? []).flatMap((value, index) => {
      const item = isMembers(value) ? read(value) : undefined;
      if (item !== undefined) return [item];
      const reason = `configuration '${this.#id}': ${what} ${index} cannot be read`;
      this.#findings.push({ reason });
      return [];
    });
  }
}

function dataSource(members: Members): WireDataSource | undefined {
  const id = text(members.id);
  const kind = text(members.kind);
  if (id === undefined || kind === undefined) return undefined;
  return {
    id,
    kind,
    configuration: (isMembers(members.configuration)
      ? members.configuration
      : {}) as WireDataSource['configuration'],
    streams: list(members.streams).flatMap((value) => stream(value) ?? []),
    sendToChannels: list(members.sendToChannels).filter((value) => typeof value === 'string'),
  };
}

function stream(value: unknown): WireStream | undefined {
  if (!isMembers(value)) return undefined;
  const name = text(value.stream);
  const solution = text(value.solution);
  if (name === undefined) return undefined;
  return { stream: name, ...(solution !== undefined && { solution }) };
}

function channel(members: Members): WireChannel | undefined {
  const id = text(members.id);
  const protocol = text(members.protocol);
  if (id === undefined || protocol === undefined) return undefined;
  const endpoint = text(members.endpoint);
  const endpointUriTemplate = text(members.endpointUriTemplate);
  const tokenEndpointUri = text(members.tokenEndpointUri);
  return {
    id,
    protocol,
    ...(endpoint !== undefined && { endpoint }),
    ...(endpointUriTemplate !== undefined && { endpointUriTemplate }),
    ...(tokenEndpointUri !== undefined && { tokenEndpointUri }),
  };
}

/** An array, or the same array as JSON text: both were seen. */
function settings(value: unknown): AgentSettingsContent['settings'] {
  return list(typeof value === 'string' ? jsonOf(value) : value).flatMap((each) => {
    if (!isMembers(each)) return [];
    const name = text(each.name);
    return name === undefined ? [] : [{ name, value: String(each.value ?? '') }];
  });
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOrAbsent(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || value === null || Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
