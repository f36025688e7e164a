import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { nodeKind } from "../../src/api/core/v1/node/node.ts";
import { type Pod, podKind } from "../../src/api/core/v1/pod/pod.ts";
import { clientCertificateAuthenticator } from "../../src/apiserver/authn/client-certificate-authenticator.ts";
import { listen } from "../../src/apiserver/http/listen.ts";
import { createKubeletConnection } from "../../src/apiserver/subresources/kubelet-connection.ts";
import { podAttach } from "../../src/apiserver/subresources/streaming/streaming-attach.ts";
import { podExec } from "../../src/apiserver/subresources/streaming/streaming-exec.ts";
import { podPortForward } from "../../src/apiserver/subresources/streaming/streaming-port-forward.ts";
import { startTestApiServer } from "../../src/apiserver/testing/start-test-server.testing.ts";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import type { KeyPair } from "../../src/cluster/pki/pki-files.ts";
import type { PodRuntime } from "../../src/kubelet/runtime/pod-runtime.ts";
import { startKubeletServer } from "../../src/kubelet/server/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";

/** The program behind the kubelet's endpoint. Its starter ends it. */
export interface StreamingNode {
  readonly runtime: PodRuntime;
  /** Stands for every container called `main`. */
  readonly containerId: string;
  /** Stands for every pod. */
  readonly sandboxId: string;
}

/** An API server and a kubelet's endpoint, with the pods `web` (container `main`) and `pair` (`main` and `sidecar`, not started). */
export interface StreamingCluster extends AsyncDisposable {
  /** Path of a kubeconfig for an administrator; its folder may be used as a home. */
  readonly kubeconfig: string;
  readonly home: string;
  /** `https://127.0.0.1:PORT` of the API server, and of the kubelet. */
  readonly server: string;
  readonly kubelet: string;
  /** For an administrator, and for a user without rights. */
  readonly tls: ClientTls;
  readonly strangerTls: ClientTls;
}

/** All PEM. */
export interface ClientTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export async function startStreamingCluster(node: StreamingNode): Promise<StreamingCluster> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(path.join(tmpdir(), "streaming-"));
  stack.defer(() => rm(home, { recursive: true }));
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const forKubelet = await ca.issue({ commonName: "kube-apiserver-kubelet-client", usage: "client" }, now);
  const admin = await ca.issue(
    { commonName: "kubernetes-admin", organizations: ["system:masters"], usage: "client" },
    now,
  );

  const stranger = await ca.issue({ commonName: "jane", usage: "client" }, now);
  const clientTls = (pair: KeyPair): ClientTls => ({ ca: ca.certificate, cert: pair.certificate, key: pair.key });
  const logPath = path.join(home, "0.log");
  await writeFile(logPath, "2026-01-01T00:00:00Z stdout F first\n2026-01-01T00:00:01Z stdout F second\n");

  const pods = new Map<string, Pod>();
  const kubelet = await startKubeletServer({
    pods: {
      list: () => [...pods.values()],
      find: (namespace, name) => pods.get(`${namespace}/${name}`),
      containerId: (_, container) => (container === "main" ? node.containerId : undefined),
      logPath: () => logPath,
      sandboxId: () => node.sandboxId,
    },
    runtime: node.runtime,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    port: 0,
    address: "127.0.0.1",
    log: silentLogger,
  });
  stack.use(kubelet);

  const kubelets = createKubeletConnection({
    node: (name) => api.client().get(nodeKind, { name }),
    tls: { cert: forKubelet.certificate, key: forKubelet.key, ca: ca.certificate },
  });
  stack.defer(() => kubelets.close());
  const dependencies = { kubelets, authorizer: { authorize: () => ({ verdict: "allow" as const, reason: "" }) } };
  const api = await startTestApiServer({
    authenticators: [clientCertificateAuthenticator(systemClock)],
    subresources: [podExec, podAttach, podPortForward].map((make) => make(dependencies)),
  });
  stack.use(api);
  const listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  stack.use(listening);

  await makeObjects(api.client(), kubelet.port, pods);
  const kubeconfig = path.join(home, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigText(`https://127.0.0.1:${listening.port}`, ca.certificate, admin));
  const owned = stack.move();
  return {
    kubeconfig,
    home,
    server: `https://127.0.0.1:${listening.port}`,
    kubelet: `https://127.0.0.1:${kubelet.port}`,
    tls: clientTls(admin),
    strangerTls: clientTls(stranger),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type TestClient = ReturnType<Awaited<ReturnType<typeof startTestApiServer>>["client"]>;

async function makeObjects(client: TestClient, kubeletPort: number, pods: Map<string, Pod>): Promise<void> {
  const node = await client.create(nodeKind, { metadata: { name: "node-1" } });
  await client.update(
    nodeKind,
    {
      ...node,
      status: {
        ...node.status,
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      },
    },
    { subresource: "status" },
  );
  for (const [name, containers] of [
    ["web", ["main"]],
    ["pair", ["main", "sidecar"]],
  ] as const) {
    const pod = await client.create(podKind, {
      metadata: { namespace: "default", name },
      spec: { nodeName: "node-1", containers: containers.map((c) => ({ name: c, image: "none", stdin: true })) },
    });
    const running = await client.update(
      podKind,
      { ...pod, status: { ...pod.status, phase: "Running", containerStatuses: containers.map(runningContainer) } },
      { subresource: "status" },
    );
    pods.set(`default/${name}`, running);
  }
}

function runningContainer(name: string) {
  const state = { running: { startedAt: "2026-01-01T00:00:00Z" } };
  return { name, state, ready: true, restartCount: 0, image: "none", imageID: "none", containerID: `test://${name}` };
}

function kubeconfigText(
  server: string,
  ca: string,
  admin: { readonly certificate: string; readonly key: string },
): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [
      {
        name: "admin",
        user: { "client-certificate-data": base64(admin.certificate), "client-key-data": base64(admin.key) },
      },
    ],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
  });
}
