import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import type { HTTPGetAction, HTTPHeader } from "@fairlead/api/core/v1/pod/probe";
import { hostPort } from "@fairlead/lib/ip-family";

/** What came back: the status, and the start of the body. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const BODY_MAX = 10 * 1024;

/**
 * One GET as probes and hooks make it: certificates are not checked, redirects to the same host are followed.
 * Rejects when the signal is aborted before there is an answer.
 */
export function httpRequest(
  action: HTTPGetAction,
  {
    host,
    port,
    signal,
    userAgent,
  }: {
    readonly host: string;
    readonly port: number;
    readonly signal: AbortSignal;
    readonly userAgent: string;
  },
): Promise<HttpAnswer> {
  const headers = headersOf(action.httpHeaders ?? [], userAgent);
  const url = urlOf(action.path, `${action.scheme.toLowerCase()}://${hostPort(host, port)}`);
  return follow(url, { headers, signal, redirects: 10 });
}

type Headers = Readonly<Record<string, string | string[]>>;

/** Headers that a request has once. One that is set to an empty value is left out. */
const SINGLE: ReadonlySet<string> = new Set(["Host", "User-Agent", "Accept"]);

/**
 * What a header says goes before what is sent otherwise: another host, another agent. Case does not count.
 *
 * Source: upstream's `newProbeRequest` (pkg/probe/http).
 */
function headersOf(given: readonly HTTPHeader[], userAgent: string): Headers {
  const values = new Map<string, string[]>();
  for (const { name, value } of given) {
    // In the one spelling that upstream sends.
    const key = name.toLowerCase().replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  const defaults = { "User-Agent": userAgent, Accept: "*/*", Connection: "close" };
  const single = [...values].flatMap(([name, [first = ""]]) =>
    SINGLE.has(name) && first !== "" ? [[name, first]] : [],
  );
  return {
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !values.has(name))),
    ...Object.fromEntries([...values].filter(([name]) => !SINGLE.has(name))),
    ...Object.fromEntries(single),
  };
}

/** A path names no other host, whatever it looks like. */
function urlOf(path: string, base: string): URL {
  const url = new URL(base);
  const parsed = URL.canParse(path, base) ? new URL(path, base) : undefined;
  url.pathname = parsed?.pathname ?? path;
  url.search = parsed?.search ?? "";
  return url;
}

async function follow(
  url: URL,
  {
    headers,
    signal,
    redirects,
  }: {
    readonly headers: Headers;
    readonly signal: AbortSignal;
    readonly redirects: number;
  },
): Promise<HttpAnswer> {
  const { status, body, location } = await once(url, headers, signal);
  if (status < 300 || status >= 400 || location === undefined) return { status, body };

  const next = new URL(location, url);
  if (next.hostname !== url.hostname) return { status, body };
  if (redirects === 0) throw new Error("stopped after 10 redirects");
  return follow(next, { headers, signal, redirects: redirects - 1 });
}

function once(url: URL, headers: Headers, signal: AbortSignal) {
  const get = url.protocol === "https:" ? https.get : http.get;
  return new Promise<HttpAnswer & { readonly location: string | undefined }>((resolve, reject) => {
    const options = { headers, signal, agent: false, rejectUnauthorized: false, servername: serverName(url) };
    const request = get(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = () => {
        const body = Buffer.concat(chunks).subarray(0, BODY_MAX).toString();
        resolve({ status: response.statusCode ?? 0, body, location: response.headers.location });
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= BODY_MAX) request.destroy();
      });
      response.on("end", end);
      response.on("close", end);
      response.on("error", () => {});
    });
    request.on("error", reject);
  });
}

/** Who is asked for in TLS: the host that is connected to, whatever a header says; none where that is an address. */
function serverName({ hostname }: URL): string {
  return isIP(hostname.replaceAll(/[[\]]/g, "")) === 0 ? hostname : "";
}
