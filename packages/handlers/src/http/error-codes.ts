/** Every error code the handlers answer with, its status and what it means. */
export const ERROR_CODES = {
  InvalidRequestUri: { status: 400, meaning: 'The path is not one this server can read.' },
  InvalidRequestContent: {
    status: 400,
    meaning: 'The body cannot be read: encoding, JSON or XML.',
  },
  InvalidParameter: { status: 400, meaning: 'A query parameter or header has a wrong value.' },
  MissingApiVersionParameter: { status: 400, meaning: 'The query has no `api-version`.' },
  InvalidPayload: { status: 400, meaning: 'The resource is not valid; `details` lists why.' },
  InvalidTransformQuery: { status: 400, meaning: 'The rule transforms rows; this server cannot.' },
  InvalidEndpointAssociationName: {
    status: 400,
    meaning: 'An endpoint is associated under a name other than `configurationAccessEndpoint`.',
  },
  InvalidDataType: { status: 400, meaning: 'The `DataType` of an ODS post is not known.' },
  InvalidStream: { status: 400, meaning: 'The rule has no such stream on this channel.' },
  AuthenticationFailed: { status: 401, meaning: 'There is no bearer token.' },
  InvalidAuthenticationToken: {
    status: 401,
    meaning: 'The token is not one of ours, or is for another audience.',
  },
  ExpiredAuthenticationToken: { status: 401, meaning: 'The token has expired; fetch a new one.' },
  AuthorizationFailed: { status: 403, meaning: 'The token is good, but not for this.' },
  InvalidResourceId: { status: 403, meaning: 'The token belongs to another machine.' },
  OperationFailed: { status: 403, meaning: 'The machine is not associated with the rule.' },
  NotFound: { status: 404, meaning: 'There is nothing at this path.' },
  ResourceNotFound: { status: 404, meaning: 'The resource does not exist.' },
  MethodNotAllowed: { status: 405, meaning: 'The path does not take this method.' },
  ResourceInUse: { status: 409, meaning: 'Something else still refers to the resource.' },
  RequestEntityTooLarge: { status: 413, meaning: 'The body is too large, packed or unpacked.' },
  UnsupportedMediaType: { status: 415, meaning: 'Content type or encoding is not accepted here.' },
  MisdirectedAgentRequest: {
    status: 421,
    meaning: 'Ask the server named in `x-ms-agent-config-endpoint`.',
  },
  TooManyRequests: { status: 429, meaning: 'An injected fault: throttling.' },
  InternalServerError: { status: 500, meaning: 'A bug or a full disk; nothing was stored.' },
  InjectedFault: { status: 500, meaning: 'An injected fault with a status of its own.' },
  ServiceUnavailable: { status: 503, meaning: 'An injected fault: out of service.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
