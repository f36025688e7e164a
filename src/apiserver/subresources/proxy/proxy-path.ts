/** The parts of a proxied request's path, percent-encoded. */
export interface ProxyPath {
  /** Up to and with `/proxy`. */
  readonly prefix: string;
  /** What is asked of the target: `/metrics`. Empty when there is not even a slash. */
  readonly rest: string;
  /** With its question mark: `?x=y`. Empty for none. */
  readonly query: string;
}

const PREFIX = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?[^/]+\/[^/]+\/proxy)(\/[^?]*)?(\?.*)?$/;

/** Cuts the path of a request where the proxy ends. Decoding and encoding it again would change it. */
export function proxyPath(path: string): ProxyPath {
  const [, prefix = "", rest = "", query = ""] = PREFIX.exec(path) ?? [];
  return { prefix, rest, query };
}
