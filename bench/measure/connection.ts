import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";

/** Where a server is, and who asks it. Can be sent to a thread. */
export interface Access {
  readonly server: string;
  /** PEM of the authority, of the client's certificate, and of its key. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Longest time that a request may take, in milliseconds. */
const REQUEST_TIMEOUT_MS = 300_000;

/** A connection over HTTP/2. Disposing of it ends what is under way. */
export interface Connection extends AsyncDisposable {
  readonly session: ClientHttp2Session;
}

/** Opens a connection with windows as large as those of clients in Go. */
export async function openConnection({ server, ...identity }: Access): Promise<Connection> {
  const session = connect(server, { ...identity, settings: { initialWindowSize: 4 * 1024 * 1024 } });
  await once(session, "connect");
  session.setLocalWindowSize(64 * 1024 * 1024);
  // Requests that it interrupts fail on their own.
  session.on("error", () => {});
  return {
    session,
    async [Symbol.asyncDispose]() {
      // Without an error, requests under way would never settle.
      session.destroy(new Error("The connection was closed"));
    },
  };
}

/** One request. Its body is JSON, of the type `contentType`. */
export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: object;
}

/** Sends a request. Resolves with the answer's body, once its status is known to be 2xx. */
export async function send(session: ClientHttp2Session, request: Request): Promise<ClientHttp2Stream> {
  const { method = "GET", path, contentType = "application/json", body } = request;
  const headers = { ":method": method, ":path": path, ...(body !== undefined && { "content-type": contentType }) };
  const stream = session.request(headers, { endStream: body === undefined });
  // The reader of the answer gets the error; when it has read everything, the end of the connection is none.
  stream.on("error", () => {});
  stream.setTimeout(REQUEST_TIMEOUT_MS, () => stream.destroy(new Error(`${method} ${path} timed out`)));
  if (body !== undefined) stream.end(JSON.stringify(body));
  const [answered] = await once(stream, "response");
  const status = Number(answered[":status"]);
  if (status >= 200 && status < 300) return stream;
  const problem = await textOf(stream);
  throw new Error(`The server answered ${method} ${path} with ${status}: ${problem.slice(0, 500)}`);
}

/** Sends a request and reads its whole answer. */
export async function ask(session: ClientHttp2Session, request: Request): Promise<string> {
  return await textOf(await send(session, request));
}

async function textOf(stream: ClientHttp2Stream): Promise<string> {
  let text = "";
  for await (const piece of stream.setEncoding("utf8")) text += piece;
  return text;
}
