import http from "node:http";
import https from "node:https";
import type { HTTPGetAction } from "../../api/core/v1/pod/probe.ts";

/** What came back: the status, and the start of the body. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const BODY_MAX = 10 * 1024;

/**
 * One GET as probes and hooks make it: certificates are not checked, redirects to the same host are followed.
 * Rejects when there is no answer in time.
 */
export function httpRequest(
  action: HTTPGetAction,
  {
    host,
    port,
    timeoutMs,
    userAgent,
  }: {
    readonly host: string;
    readonly port: number;
    readonly timeoutMs: number;
    readonly userAgent: string;
  },
): Promise<HttpAnswer> {
  const headers: Record<string, string | string[]> = { "User-Agent": userAgent, Accept: "*/*", Connection: "close" };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = [...[headers[name] ?? []].flat(), value];
  const bracketed = host.includes(":") ? `[${host}]` : host;
  const url = new URL(action.path, `${action.scheme.toLowerCase()}://${bracketed}:${port}`);
  return follow(url, { headers, signal: AbortSignal.timeout(timeoutMs), redirects: 10 });
}

async function follow(
  url: URL,
  {
    headers,
    signal,
    redirects,
  }: {
    readonly headers: Record<string, string | string[]>;
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

function once(url: URL, headers: Record<string, string | string[]>, signal: AbortSignal) {
  const get = url.protocol === "https:" ? https.get : http.get;
  return new Promise<HttpAnswer & { readonly location: string | undefined }>((resolve, reject) => {
    const request = get(url, { headers, signal, agent: false, rejectUnauthorized: false }, (response) => {
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
