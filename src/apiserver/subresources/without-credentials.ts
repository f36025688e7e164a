import { listedValues } from "@fairlead/streaming/upgrade/upgrade-protocol";

/** Subprotocol of a WebSocket that carries a bearer token instead of an `Authorization` header. */
const BEARER_SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";

/** Returns the headers without credentials and impersonation. Names in lower case. */
export function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { authorization: _, "sec-websocket-protocol": offered, ...rest } = headers;
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("impersonate-")));
  const subprotocols = subprotocolsOf({ "sec-websocket-protocol": offered ?? "" });
  return { ...kept, ...(subprotocols.length > 0 && { "sec-websocket-protocol": subprotocols.join(", ") }) };
}

/** Returns the subprotocols that a WebSocket client offers, in its order, without bearer tokens. */
export function subprotocolsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return listedValues(headers["sec-websocket-protocol"]).filter((name) => !name.startsWith(BEARER_SUBPROTOCOL));
}
