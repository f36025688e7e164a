/** One API request, whatever carries it: a socket, or a call in the same process. */
export interface ApiRequest {
  /**
   * In capitals. HEAD and OPTIONS are for backends of proxies: elsewhere HEAD arrives as GET. One that no route has is
   * refused after authorization.
   */
  readonly method: string;
  /** Percent-encoded path and query: `/api/v1/namespaces/default/pods?watch=1`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** IP address of the client, where the request came over a socket. */
  readonly clientAddress?: string;
  readonly signal?: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`, the one header whose lines cannot be joined. Default: none. */
  readonly setCookies?: readonly string[];
  /** Comes in pieces of any size; a watch goes on until either side ends it. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when the client has not read for so long that it gets no more: the connection is closed. Default: never. */
  readonly cutOff?: AbortSignal;
}

/**
 * Carries requests to an API server under one identity.
 *
 * The same code path in process as over HTTPS: authorization and admission see the identity the transport was made for.
 */
export interface Transport {
  /** Rejects only when the server could not be reached or the signal was aborted; a refusal is a response. */
  send(request: ApiRequest): Promise<ApiResponse>;
  /** Closes idle connections and refuses further requests. */
  close(): Promise<void>;
}
