/**
 * What a value of an option may be: how it is checked, how it is read from text (a variable or
 * a flag), and how it is spoken of. A schema's `description` ends the sentence "… must be".
 */
import { dirname, isAbsolute, resolve } from 'node:path';
import { type ProxyRoutes, proxyText, routesText } from '../host/proxy/forward-proxy.ts';
import { parseProxy } from '../host/proxy/parse-proxy.ts';

export interface OptionType {
  /** Placeholder on the command line. */
  readonly placeholder: string;
  /** `writeOnly` marks what may hold a password: its value is in no message. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Text of a variable or flag → value to be checked; text that cannot be read stays text. */
  readonly fromText: (text: string) => unknown;
  /** Brings a checked value into the form the agent uses. */
  readonly normalize?: (value: never) => unknown;
  /** Makes paths of the configuration file absolute: they are relative to that file. */
  readonly locate?: (value: never, file: string) => unknown;
  /** What is shown of a value in use; by default all of it. */
  readonly shown?: (value: never) => unknown;
}

const plain = (text: string): unknown => text;

const located = (path: string, file: string): string =>
  isAbsolute(path) ? path : resolve(dirname(file), path);

function textType(placeholder: string, description: string, rules: object = {}): OptionType {
  const schema = { type: 'string', minLength: 1, ...rules, description };
  return { placeholder, schema, fromText: plain };
}

export const path = (what: string): OptionType => ({
  ...textType(what, `the path of a ${what}`),
  locate: located,
});

export const endpoint: OptionType = textType('url', 'an http or https URL without query', {
  format: 'endpoint',
});
export const guid: OptionType = textType('guid', 'a GUID', { format: 'guid' });
export const resourceId: OptionType = textType(
  'id',
  'an ARM resource id such as /subscriptions/…/virtualMachines/vm1',
  { pattern: '^/[^/?#]+/[^?#]*[^/?#]$' },
);
export const region: OptionType = textType('name', 'a region such as westeurope', {
  pattern: '^[A-Za-z0-9-]+$',
});

export function oneOf(...values: readonly string[]): OptionType {
  const description = `one of ${values.join(', ')}`;
  return {
    placeholder: values.join('|'),
    schema: { enum: values, description },
    fromText: plain,
  };
}

export const yesOrNo: OptionType = {
  placeholder: 'true|false',
  schema: { type: 'boolean', description: 'true or false' },
  fromText: (text) => ({ true: true, false: false })[text.toLowerCase()] ?? text,
};

export function wholeNumber(minimum: number, maximum: number): OptionType {
  const description = `a whole number from ${minimum} to ${maximum}`;
  return {
    placeholder: 'number',
    schema: { type: 'integer', minimum, maximum, description },
    fromText: numberFromText,
  };
}

export function seconds(minimum: number, maximum: number): OptionType {
  const description = `a number of seconds from ${minimum} to ${maximum}`;
  return {
    placeholder: 'seconds',
    schema: { type: 'number', minimum, maximum, description },
    fromText: numberFromText,
  };
}

function numberFromText(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** As text: separated by commas, or a JSON array. */
const listFromText = (text: string): unknown =>
  text.startsWith('[') ? jsonFromText(text) : text.split(',').map((item) => item.trim());

export const addresses: OptionType = {
  placeholder: 'host:port,…',
  schema: {
    type: 'array',
    items: { type: 'string', format: 'address', description: 'an address such as 127.0.0.1:514' },
    description: 'a list of addresses such as 127.0.0.1:514',
  },
  fromText: listFromText,
};

export const paths: OptionType = {
  placeholder: 'path,…',
  schema: {
    type: 'array',
    items: { type: 'string', minLength: 1, description: 'a path' },
    description: 'a list of paths',
  },
  fromText: listFromText,
  locate: (list: readonly string[], file: string) => list.map((item) => located(item, file)),
};

/** Read by `resolveProxy`, which has more to go by than this option. */
export const proxy: OptionType = {
  ...textType('url', 'a proxy such as http://proxy.example:3128, or none', { writeOnly: true }),
  shown: (routes: ProxyRoutes) => routesText(routes),
};

const BYPASS = 'a host, .domain, address, network such as 10.0.0.0/8, or *';

export const bypass: OptionType = {
  placeholder: 'host,…',
  schema: {
    type: 'array',
    items: { type: 'string', format: 'bypass', description: BYPASS },
    description: `a list; each of ${BYPASS}`,
  },
  fromText: listFromText,
};

const secret = (rules: object, description: string): object => ({
  ...rules,
  writeOnly: true,
  description,
});
const secretText = (description: string): object => secret({ type: 'string' }, description);

interface PublicProxy {
  readonly address?: string;
}

/** `settings.proxy` of Azure's VM extensions. In use it is what may be shown of it. */
export const extensionProxy: OptionType = {
  placeholder: 'json',
  schema: {
    type: 'object',
    required: ['mode'],
    additionalProperties: false,
    properties: {
      mode: secret({ enum: ['none', 'application'] }, 'none or application'),
      address: secretText('a proxy such as http://proxy.example:3128'),
      auth: secret({ enum: [true, false, 'true', 'false', 'True', 'False'] }, 'true or false'),
    },
    writeOnly: true,
    description: 'a map with mode, address and auth',
  },
  fromText: jsonFromText,
  normalize: ({ address, ...rest }: PublicProxy) => ({
    ...rest,
    ...(address !== undefined && { address: withoutPassword(address) }),
  }),
};

/** `protectedSettings.proxy` of Azure's VM extensions. In use it is what may be shown of it. */
export const protectedProxy: OptionType = {
  placeholder: 'json',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      username: secretText('the name of a user of the proxy'),
      password: secretText("that user's password"),
    },
    writeOnly: true,
    description: 'a map with username and password',
  },
  fromText: jsonFromText,
  normalize: (given: object) => ({ ...given, ...('password' in given && { password: '***' }) }),
};

function withoutPassword(address: string): string {
  const reading = parseProxy(address);
  return 'proxy' in reading ? proxyText(reading.proxy) : '***';
}

type Files = string | readonly string[];
const filesOf = (files: Files): readonly string[] => [files].flat();

/** Channel of the event log → file or files. */
export const channelFiles: OptionType = {
  placeholder: 'json',
  schema: {
    type: 'object',
    additionalProperties: {
      type: ['string', 'array'],
      minLength: 1,
      items: { type: 'string', pattern: '\\.(evtx|xml)$', description: 'an .evtx or .xml file' },
      pattern: '\\.(evtx|xml)$',
      description: 'an .evtx or .xml file, or a list of them',
    },
    description: 'a map from channel to files',
  },
  fromText: jsonFromText,
  normalize: (channels: Readonly<Record<string, Files>>) =>
    mapValues(channels, (files) => filesOf(files)),
  locate: (channels: Readonly<Record<string, Files>>, file: string) =>
    mapValues(channels, (files) => filesOf(files).map((each) => located(each, file))),
};

export const workspaces: OptionType = {
  placeholder: 'json',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      required: ['resourceId', 'workspaceId'],
      additionalProperties: false,
      properties: {
        resourceId: resourceId.schema,
        workspaceId: guid.schema,
        endpoint: endpoint.schema,
      },
      description: 'a workspace with resourceId and workspaceId',
    },
    description: 'a list of workspaces',
  },
  fromText: jsonFromText,
};

function jsonFromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function mapValues<A, B>(
  values: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
