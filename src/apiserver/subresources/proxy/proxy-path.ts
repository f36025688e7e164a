/** The parts of a proxied request's path, percent-encoded. */
export interface ProxyPath {
  /** Up to and with `/proxy`. Empty for a path that is not below a proxy. */
  readonly prefix: string;
  /** What is asked of the target: `/metrics`. Empty when there is not even a slash. */
  readonly rest: string;
  /** With its question mark: `?x=y`. Empty for none. */
  readonly query: string;
}

/** A segment and the separators before it. An encoded slash separates, too: paths are decoded before they are split. */
const SEGMENT = /(?:\/|%2f)+((?:(?!%2f)[^/])+)/iy;
/** Segments of `/api/v1/namespaces/NS/services/NAME/proxy`, the longest prefix. */
const SEGMENTS_MAX = 7;

/** The answer for a path that is not below a proxy. */
const NO_PROXY: ProxyPath = { prefix: "", rest: "", query: "" };

/** Cuts the path of a request where the proxy ends. Decoding and encoding it again would change it. */
export function proxyPath(path: string): ProxyPath {
  // Most paths need no decoding: these cannot name a proxy.
  if (!path.includes("proxy") && !path.includes("%")) return NO_PROXY;
  const queryAt = path.indexOf("?");
  const [location, query] = queryAt < 0 ? [path, ""] : [path.slice(0, queryAt), path.slice(queryAt)];
  const segments: string[] = [];
  SEGMENT.lastIndex = 0;
  let end = 0;
  while (segments.length < SEGMENTS_MAX) {
    const segment = SEGMENT.exec(location)?.[1];
    if (segment === undefined) break;
    segments.push(decoded(segment));
    end = SEGMENT.lastIndex;
    if (isProxy(segments)) {
      const rest = location.slice(end).replace(/^%2f/i, "/");
      // Two slashes would make a redirect to another host of it.
      return { prefix: location.slice(0, end).replace(/^(?:\/|%2f)+/i, "/"), rest, query };
    }
  }
  return { prefix: "", rest: "", query };
}

function isProxy(segments: readonly string[]): boolean {
  const [api, version, third] = segments;
  const length = third === "namespaces" ? SEGMENTS_MAX : SEGMENTS_MAX - 2;
  return api === "api" && version === "v1" && segments.length === length && segments.at(-1) === "proxy";
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
