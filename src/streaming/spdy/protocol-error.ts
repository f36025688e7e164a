/** The peer sent what SPDY/3.1 does not allow. The connection cannot go on: its header compression may be out of step. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
