import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { listen } from "../../src/apiserver/http/listen.ts";
import { startPolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { withContext } from "../../src/client/kubeconfig/edit-kubeconfig.ts";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import { silentLogger } from "../../src/lib/log.ts";

/** An API server with the policy of a real cluster, on loopback, and the machine's kubectl as its administrator. */
export interface KubectlServer extends AsyncDisposable {
  /** Resolves to the standard output; rejects with what kubectl printed when it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /**
   * Creates a namespace, and others where they are missing.
   *
   * @returns the words that make kubectl use the namespace for objects that name none.
   */
  namespace(name: string, others: readonly string[]): Promise<readonly string[]>;
}

/** @param home - Folder for files of kubectl. */
export async function startKubectlServer(home: string): Promise<KubectlServer> {
  const now = new Date();
  const folder = await mkdtemp(path.join(home, "kubectl-"));
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const admin = await ca.issue({ commonName: "admin", usage: "client", organizations: ["system:masters"] }, now);
  const api = await startPolicyServer();
  const listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  const kubeconfig = path.join(folder, "kubeconfig");
  const user = { clientCertificate: admin.certificate, clientKey: admin.key };
  const server = { server: `https://127.0.0.1:${listening.port}`, ca: ca.certificate };
  let text = withContext("", { name: "default", ...server, ...user });
  await writeFile(kubeconfig, text);

  const kubectl = async (...args: readonly string[]) => {
    const words = ["--kubeconfig", kubeconfig, "--cache-dir", folder, ...args];
    return (await promisify(execFile)("kubectl", words, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  };
  const known = new Set((await kubectl("get", "namespaces", "-o", "name")).trim().split("\n"));
  const ensure = async (name: string) => {
    if (known.has(`namespace/${name}`)) return;
    known.add(`namespace/${name}`);
    // Applied, so that a manifest with the namespace itself finds what it compares with.
    const manifest = path.join(folder, `namespace-${name}.json`);
    await writeFile(manifest, JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
    await kubectl("apply", "-f", manifest);
  };
  return {
    kubectl,
    async namespace(name, others) {
      for (const each of [name, ...others]) await ensure(each);
      text = withContext(text, { name, namespace: name, ...server, ...user }, { select: false });
      await writeFile(kubeconfig, text);
      return ["--context", name];
    },
    async [Symbol.asyncDispose]() {
      await listening.stop();
      await api.stop();
    },
  };
}
