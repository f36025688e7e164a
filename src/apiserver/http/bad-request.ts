import type { Duplex } from "node:stream";
import { HEADERS_MAX_BYTES } from "@fairlead/lib/http-limits";
import { documentResponse } from "../answers/document.ts";
import { statusAnswer } from "../answers/status.ts";
import { writeRaw } from "./write-response.ts";

/** How long a client that is refused may go on sending before its connection is reset, in milliseconds. */
const LINGER_MS = 1_000;

const refused = new WeakSet<object>();

/**
 * Answers a malformed or oversized HTTP/1.1 request with a `Status` and closes the connection. Sends nothing after TLS
 * errors, and when another answer has begun.
 *
 * @param error - Of the server's `clientError` event.
 */
export async function refuseConnection(error: Error, socket: Duplex): Promise<void> {
  // Every further chunk of the request raises the event again.
  if (refused.has(socket)) return;
  refused.add(socket);
  socket.on("error", () => {});
  const problem = problemOf(error);
  if (problem === undefined || !socket.writable || hasAnswered(socket)) {
    socket.destroy();
    return;
  }
  const { code, message } = problem;
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code } as const;
  // Unread data would reset the connection before the client reads the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  const answer = statusAnswer(code, code === 400 ? { ...status, reason: "BadRequest" } : status);
  const headers = { "cache-control": "no-cache, private" };
  // What the client accepts is not known: its request was not understood.
  await writeRaw(socket, await documentResponse({ path: "/", headers: {} }, { ...answer, headers }, "json"));
}

function problemOf(error: Error): { readonly code: number; readonly message: string } | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { code: 431, message: `the request line and headers are too large: limit is ${HEADERS_MAX_BYTES} bytes` };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { code: 408, message: "the request did not arrive in time" };
    case "HPE_INVALID_TRANSFER_ENCODING":
      // The parser has one code for a coding that is not known and for one beside a length.
      return { code: error.message.includes("Content-Length") ? 400 : 501, message: malformed(error) };
    case "HPE_INVALID_VERSION":
      return { code: 505, message: malformed(error) };
    default:
      return code.startsWith("HPE_") ? { code: 400, message: malformed(error) } : undefined;
  }
}

function malformed(error: Error): string {
  return `the request is no HTTP/1.1: ${error.message}`;
}

/** Returns whether an answer has begun, which more bytes would corrupt. */
function hasAnswered(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, "_httpMessage");
  return typeof answer === "object" && answer !== null && Reflect.get(answer, "headersSent") === true;
}
