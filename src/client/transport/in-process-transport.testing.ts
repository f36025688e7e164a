import { ConnectionError } from "./connection-error.ts";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

/** Answers one request of an authenticated user: an API server without its sockets. */
export type HandleRequest<User> = (request: ApiRequest, user: User) => Promise<ApiResponse>;

/**
 * Carries requests to an API server in the same process, as `user`.
 *
 * Only the socket, TLS and authentication are left out: `handle` authorizes, admits and validates as for any client.
 */
export function inProcessTransport<User>(handle: HandleRequest<User>, user: User): Transport {
  let closed = false;
  return {
    async send(request) {
      if (closed) throw new ConnectionError("The transport is closed");
      request.signal?.throwIfAborted();
      return handle(request, user);
    },
    async close() {
      closed = true;
    },
  };
}
