import type { Credentials } from "./authenticator.ts";

/** How browsers, which cannot set headers on a WebSocket, send a token. */
const SUBPROTOCOL_PREFIX = "base64url.bearer.authorization.k8s.io.";

/** The request's bearer token: from `Authorization`, or from the subprotocols of a WebSocket. Absent when there is none. */
export function bearerToken({ headers }: Credentials): string | undefined {
  const { authorization = "" } = headers;
  const [scheme = "", token = ""] = authorization.trim().split(/ +/, 2);
  if (scheme.toLowerCase() === "bearer" && token !== "") return token;
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
  const found = protocols.find((protocol) => protocol.startsWith(SUBPROTOCOL_PREFIX));
  return found === undefined ? undefined : decoded(found.slice(SUBPROTOCOL_PREFIX.length));
}

function decoded(base64url: string): string | undefined {
  const text = Buffer.from(base64url, "base64url").toString("utf8");
  return text === "" ? undefined : text;
}
