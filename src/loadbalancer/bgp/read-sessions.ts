/** The state of a session, as BIRD shows it. */
export interface SessionState {
  /** RFC 4271's, as `Established`. */
  readonly state: string;
  /** What else BIRD says: why it is not established. */
  readonly reason: string;
}

/**
 * Reads what BIRD answers to `show protocols`, by the names of its BGP protocols.
 *
 * ```
 * Name       Proto      Table      State  Since         Info
 * p_1        BGP        ---        start  12:00:00.000  Active        Socket: Connection refused
 * ```
 */
export function readSessions(text: string): ReadonlyMap<string, SessionState> {
  const sessions = new Map<string, SessionState>();
  for (const line of text.split("\n")) {
    const [, name, rest = ""] = /^\s*(\S+)\s+BGP\s+\S+\s+\S+\s+(?:\d{4}-\d\d-\d\d|[\d:.]+)\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [state = "", ...reason] = rest.trim().split(/\s+/);
    sessions.set(name, { state, reason: reason.join(" ") });
  }
  return sessions;
}
