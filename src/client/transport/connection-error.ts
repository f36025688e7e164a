/** The API server could not be reached, or went away in the middle of an answer. `cause` says how. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** Whether trying again later may help without anything else having changed. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError;
}
