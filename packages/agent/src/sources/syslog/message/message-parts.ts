/** What a message's header and text say, apart from its priority. Empty where it says nothing. */
export interface MessageParts {
  readonly eventTimeMs: number | null;
  readonly host: string;
  readonly ident: string;
  readonly processId: string;
  readonly message: string;
}
