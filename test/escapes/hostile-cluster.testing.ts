import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { request } from "node:https";
import { buffer, text } from "node:stream/consumers";
import tls from "node:tls";
import { type Status, StatusError } from "../../src/api/status-error.ts";
import { listen } from "../../src/apiserver/http/listen.ts";
import type { ApiServer } from "../../src/apiserver/server.ts";
import { startPolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import { startKubeletServer } from "../../src/kubelet/server/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { startProcessRuntime } from "../streaming/process-runtime.testing.ts";
import { type Attempt, isRaw, type Placeholder, type RequestAttempt } from "./escape.testing.ts";
import {
  type Credentials,
  certificates,
  forgedTokens,
  type IdentityName,
  SERVER_AHEAD_MS,
} from "./identities.testing.ts";
import { makeVictims } from "./victims.testing.ts";

/** What came back: the status codes, and what the first answer says, see {@link Answer.says}. */
export interface Outcome {
  readonly codes: readonly number[];
  readonly text: string;
}

/** An API server with the policy of a real cluster and a node's endpoint, on loopback, and the credentials of all identities. */
export interface HostileCluster extends AsyncDisposable {
  send(as: IdentityName, attempt: Attempt): Promise<Outcome>;
  /** The revision of the store: it changes with every write. */
  revision(): Promise<string>;
}

/** Starts it with the objects of {@link makeVictims}. No root, no packet beyond loopback. */
export async function startHostileCluster(): Promise<HostileCluster> {
  await using stack = new AsyncDisposableStack();
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const forKubelet = await ca.issue({ commonName: "kube-apiserver-kubelet-client", usage: "client" }, now);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signingKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const clock = { ...systemClock, now: () => systemClock.now() + SERVER_AHEAD_MS };
  const policy = await startPolicyServer({
    clock,
    kubeletTls: { cert: forKubelet.certificate, key: forKubelet.key, ca: ca.certificate },
    signingKey,
  });
  stack.use(policy);
  const tlsOptions = { cert: serving.certificate, key: serving.key, clientCa: ca.certificate };
  const { runtime } = stack.use(await startProcessRuntime(["cat"]));
  const nothing = { containerId: () => undefined, sandboxId: () => undefined, logPath: () => "" };
  const kubelet = await startKubeletServer({
    pods: { list: () => [], find: () => undefined, ...nothing },
    runtime,
    tls: tlsOptions,
    port: 0,
    address: "127.0.0.1",
    log: silentLogger,
    clock,
  });
  stack.use(kubelet);
  let failure: string | undefined;
  const api = await listen({
    server: recordFailures(policy.server, (reason) => {
      failure = reason;
    }),
    tls: tlsOptions,
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  stack.use(api);
  const victims = await makeVictims(policy.client(), kubelet.port);
  const identities = new Map([
    ...(await certificates(ca, now)),
    ...(await forgedTokens({ signingKey, ...victims, now: systemClock.now() })),
  ]);
  const known = new Map([...victims.uids, ["{token}" as const, identities.get("token")?.token ?? ""]]);
  const ports = { api: api.port ?? 0, kubelet: kubelet.port };
  const owned = stack.move();
  const send = async (as: IdentityName, attempt: Attempt) => {
    failure = undefined;
    const credentials = identities.get(as) ?? {};
    const target = { host: "127.0.0.1", ca: ca.certificate, ...credentials };
    if (isRaw(attempt)) return sendRaw({ ...target, port: ports.api }, attempt.raw);
    const at = { ...target, port: ports[attempt.to ?? "api"] };
    const { codes, text } = await sendRequest(at, fill(attempt, known), credentials);
    return { codes, text: codes[0] === 200 || codes[0] === 201 ? text : errorText(text, failure) };
  };
  return {
    send,
    async revision() {
      const { text } = await send("admin", { path: "/api/v1/namespaces?limit=1" });
      return (JSON.parse(text) as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Records why credentials were refused: the client does not get the reason. */
function recordFailures(server: ApiServer, record: (reason: string) => void): ApiServer {
  return {
    ...server,
    authenticate: (credentials) =>
      server.authenticate(credentials).catch((error: unknown) => {
        if (error instanceof StatusError && error.cause instanceof Error) record(error.cause.message);
        throw error;
      }),
  };
}

/** What an error says, see {@link Answer.says}. */
function errorText(text: string, failure: string | undefined): string {
  if (!text.startsWith('{"kind":"Status"')) return text;
  const { reason = "Unknown", message, details } = JSON.parse(text) as Status;
  const [cause] = details?.causes ?? [];
  // Only this message does not say why.
  const why = message?.startsWith("the server rejected our request") ? cause?.message : failure;
  return `${reason}: ${message}${why === undefined ? "" : ` (${why})`}`;
}

type Target = Pick<tls.ConnectionOptions, "host" | "port" | "ca" | "cert" | "key">;

async function sendRequest(target: Target, attempt: RequestAttempt, { token }: Credentials): Promise<Outcome> {
  const { body, method = "GET", type = "application/json" } = attempt;
  const bytes = body === undefined ? undefined : bytesOf(body);
  const headers = [
    ["Host", "127.0.0.1"],
    ...(token === undefined ? [] : [["Authorization", `Bearer ${token}`]]),
    ...(bytes === undefined
      ? []
      : [
          ["Content-Type", type],
          ["Content-Length", String(bytes.length)],
        ]),
    ...(attempt.headers ?? []),
  ];
  return new Promise((resolve, reject) => {
    const asked = request(
      { ...target, method, path: attempt.path, headers: headers.flat(), agent: false },
      (answer) => {
        const codes = [answer.statusCode ?? 0];
        buffer(answer).then((received) => resolve({ codes, text: received.toString() }), reject);
      },
    );
    asked.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ codes: [answer.statusCode ?? 0], text: "" });
    });
    asked.on("error", reject).end(bytes);
  });
}

function fill(attempt: RequestAttempt, known: ReadonlyMap<Placeholder, string>): RequestAttempt {
  const { body } = attempt;
  const filled = (text: string) => [...known].reduce((done, [name, value]) => done.replaceAll(name, value), text);
  return {
    ...attempt,
    path: filled(attempt.path),
    ...(body !== undefined && { body: body instanceof Uint8Array ? body : filled(textOf(body)) }),
  };
}

function textOf(body: string | object): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function bytesOf(body: string | Uint8Array | object): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(textOf(body));
}

async function sendRaw(target: Target, bytes: string): Promise<Outcome> {
  const socket = tls.connect({ ...target, ALPNProtocols: ["http/1.1"] } as tls.ConnectionOptions);
  await once(socket, "secureConnect");
  socket.on("error", () => {});
  socket.write(bytes, "latin1");
  const received = await text(socket);
  return { codes: [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code)), text: received };
}
