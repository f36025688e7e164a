import { upgradeProtocol } from "@fairlead/streaming/upgrade/upgrade-protocol";
import type { AuthenticationFailure, Credentials } from "./authenticator.ts";

/** How browsers, which cannot set headers on a WebSocket, send a token. */
const SUBPROTOCOL_PREFIX = "base64url.bearer.authorization.k8s.io.";
const BASE64URL = /^[A-Za-z0-9_-]*$/;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The request's bearer token: from `Authorization`, or from the subprotocols of a request for a WebSocket. Absent when
 * there is none; a failure for subprotocols that hold one in a way that upstream does not take.
 */
export function bearerToken({ headers }: Credentials): string | AuthenticationFailure | undefined {
  const [scheme = "", token = ""] = (headers.authorization ?? "").trim().split(" ");
  if (scheme.toLowerCase() === "bearer" && token !== "") return token;
  const isWebSocket = upgradeProtocol(headers.upgrade) === "websocket" && /upgrade/i.test(headers.connection ?? "");
  return isWebSocket ? subprotocolToken(headers["sec-websocket-protocol"] ?? "") : undefined;
}

/** One of the subprotocols is the token; another is there for the server to choose. */
function subprotocolToken(offered: string): string | AuthenticationFailure | undefined {
  const protocols = offered.split(",").map((protocol) => protocol.trim());
  const [found, second] = protocols.filter((protocol) => protocol.startsWith(SUBPROTOCOL_PREFIX));
  if (found === undefined) return undefined;
  if (second !== undefined) return { failure: "multiple base64.bearer.authorization tokens specified" };
  const encoded = found.slice(SUBPROTOCOL_PREFIX.length);
  if (!BASE64URL.test(encoded)) return { failure: "invalid base64.bearer.authorization token encoding" };
  const token = textOf(Buffer.from(encoded, "base64url"));
  if (token === undefined) return { failure: "invalid base64.bearer.authorization token" };
  if (token !== "" && protocols.length === 1) return { failure: "missing additional subprotocol" };
  return token === "" ? undefined : token;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
