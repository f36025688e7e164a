import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { loadCertificateAuthority } from "../../../src/cluster/pki/certificate-authority.ts";
import { pkiFiles, readKeyPair } from "../../../src/cluster/pki/pki-files.ts";
import type { KubeletsOrder, NodeIdentity } from "./kubelets.ts";

/** USER_HZ, the unit of processor time in `/proc/PID/stat` (proc(5)). */
const TICKS_PER_SECOND = 100;

/** Kubelets in a process of their own. Disposing of it ends them. */
export interface KubeletsProcess extends AsyncDisposable {
  /** Processor seconds that it has used. */
  seconds(): Promise<number>;
  /** Rejects when the process ends. Never resolves. */
  readonly ended: Promise<never>;
}

/** Starts kubelets. Resolves when all of their nodes are in the API. */
export async function startKubeletsProcess(order: KubeletsOrder): Promise<KubeletsProcess> {
  const child = fork(path.join(import.meta.dirname, "kubelets.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`The process of the kubelets ended with ${signal ?? code}`)));
  });
  // It may reject before a caller waits for it.
  ended.catch(() => {});
  child.send(order);
  await Promise.race([once(child, "message"), ended]);
  return {
    ended,
    seconds: () => processSeconds(child),
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await ended.catch(() => {});
    },
  };
}

/** Makes a certificate for the kubelet of each node. @param pkiFolder - With the cluster's authority. */
export async function issueNodes(pkiFolder: string, count: number): Promise<readonly NodeIdentity[]> {
  const pair = await readKeyPair(pkiFiles(pkiFolder).ca);
  if (pair === undefined) throw new Error(`Cannot read the authority in "${pkiFolder}"`);
  const authority = await loadCertificateAuthority(pair);
  return await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<NodeIdentity> => {
      const name = `node-${index}`;
      const subject = { commonName: `system:node:${name}`, organizations: ["system:nodes"] };
      const { certificate, key } = await authority.issue({ ...subject, usage: "client" }, new Date());
      return { name, cert: certificate, key };
    }),
  );
}

async function processSeconds({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
