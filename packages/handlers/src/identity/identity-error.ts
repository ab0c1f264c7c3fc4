/** A refusal of the identity endpoint, which has an error shape of its own. */
export class IdentityError extends Error {
  readonly status: number;
  /** Such as `invalid_request`. */
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.name = 'IdentityError';
    this.status = status;
    this.error = error;
  }

  body(): object {
    return { error: this.error, error_description: this.message };
  }
}
