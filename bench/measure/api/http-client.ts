import { once } from "node:events";
import https from "node:https";
import type { Access } from "../connection.ts";
import { openConnection } from "../connection.ts";

/** How clients speak: over a connection for each request under way, or over one for all as clients in Go do. */
export type HttpVersion = "1.1" | "2";

export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  /** Default: JSON. */
  readonly accept?: string;
  /** Default: JSON. */
  readonly contentType?: string;
  readonly body?: object;
}

/** A client with a TLS identity. Disposing of it ends its connections. */
export interface HttpClient extends AsyncDisposable {
  /** Sends a request and reads the whole answer. Resolves with the length of its body, in bytes. Rejects unless it is 2xx. */
  ask(request: HttpRequest): Promise<number>;
}

/** Makes a client whose connections exist already. @param ways - How many requests it sends at the same time. */
export async function openHttpClient(access: Access, http: HttpVersion, ways: number): Promise<HttpClient> {
  const client = http === "2" ? await overOneConnection(access) : overManyConnections(access, ways);
  await Promise.all(Array.from({ length: ways }, () => client.ask({ path: "/version" })));
  return client;
}

/** The headers of a request, but for those of its connection and user. */
export function headersOf({ accept, contentType, body }: HttpRequest): Record<string, string> {
  const json = "application/json";
  return { accept: accept ?? json, ...(body !== undefined && { "content-type": contentType ?? json }) };
}

async function overOneConnection(access: Access): Promise<HttpClient> {
  const connection = await openConnection(access);
  return {
    async ask(request) {
      const { method = "GET", path, body } = request;
      const headers = { ":method": method, ":path": path, ...headersOf(request) };
      const stream = connection.session.request(headers, { endStream: body === undefined });
      const answered = once(stream, "response");
      if (body !== undefined) stream.end(JSON.stringify(body));
      const [{ ":status": status }] = await answered;
      return await lengthOf(stream, request, Number(status));
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function overManyConnections({ server, ...identity }: Access, ways: number): HttpClient {
  const { hostname, port } = new URL(server);
  const agent = new https.Agent({ ...identity, keepAlive: true, maxSockets: ways, maxFreeSockets: ways });
  return {
    async ask(request) {
      const { method = "GET", path, body } = request;
      const text = body === undefined ? undefined : JSON.stringify(body);
      const length = text === undefined ? undefined : { "content-length": Buffer.byteLength(text) };
      const headers = { ...headersOf(request), ...length };
      const sent = https.request({ hostname, port, agent, method, path, headers });
      const answered = once(sent, "response");
      sent.end(text);
      const [response] = await answered;
      return await lengthOf(response, request, response.statusCode);
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
    },
  };
}

async function lengthOf(answer: NodeJS.ReadableStream, request: HttpRequest, status: number): Promise<number> {
  const isWanted = status >= 200 && status < 300;
  let text = "";
  let bytes = 0;
  answer.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (!isWanted) text += piece;
  });
  await once(answer, "end");
  if (isWanted) return bytes;
  throw new Error(`${request.method ?? "GET"} ${request.path} was answered with ${status}: ${text.slice(0, 500)}`);
}
