/** Addresses of a proxy and its backend. */
export interface ProxyLocation {
  /** Path of the proxy, percent-encoded: `/api/v1/namespaces/shop/services/quote/proxy`. */
  readonly prefix: string;
  /** `host:port` of the backend. */
  readonly backend: string;
  /** The `Host` header of the client. Empty when there was none. */
  readonly requestHost: string;
}

/** RFC 3986 appendix B. */
const REFERENCE = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/is;
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;

/**
 * Returns the URL under which a client outside reaches what a backend calls `reference`: an absolute path goes below
 * the proxy, on the host that the client asked. Relative references and ones to other hosts stay unchanged.
 *
 * @returns `undefined` for a text that is no URL.
 */
export function proxiedURL(reference: string, location: ProxyLocation): string | undefined {
  const [matched, scheme = "", host, path = "", query = "", fragment = ""] = REFERENCE.exec(reference) ?? [];
  if (matched === undefined || hasControl(reference) || BROKEN_ESCAPE.test(path)) return undefined;
  const { prefix, backend, requestHost } = location;
  const isElsewhere = host !== undefined && host !== "" && host !== backend && host !== requestHost;
  if (isElsewhere || !path.startsWith("/")) return reference;
  const origin = host !== undefined && host === requestHost ? `${scheme === "" ? "" : `${scheme}:`}//${host}` : "";
  const outside = encoded(prefix);
  const below = path.startsWith(outside) ? path : `${outside}${withoutDots(path)}`;
  return `${origin}${below}${query}${fragment}`;
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\x7f");
}

/** Removes dot segments below the backend's root, so that a path cannot leave the proxy. */
function withoutDots(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const end = path.endsWith("/") && parts.length > 0 ? "/" : "";
  return `/${parts.join("/")}${end}`;
}

/** Encodes characters that are unsafe in attributes of HTML: the prefix is the client's own text. */
function encoded(prefix: string): string {
  return prefix.replace(/[^\w\-.~!$()*+,;=:@%/]/g, (character) => encodeURIComponent(character).replace("'", "%27"));
}
