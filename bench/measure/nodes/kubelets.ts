/**
 * A process with many kubelets, whose pods exist only in the API. Each kubelet has its own certificate and connections.
 *
 * The parent process sends a {@link KubeletsOrder}; the answer, when all nodes are in the API, is `registered`. The process ends
 * when the parent closes the channel.
 */
import { createClient } from "../../../src/client/rest/rest-client.ts";
import { createHttpsTransport } from "../../../src/client/transport/https-transport.ts";
import { createSimulatedRuntime } from "../../../src/kubelet/runtime/simulated/simulated-runtime.ts";
import { startKubelet } from "../../../src/kubelet/start-kubelet.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { createLogger } from "../../../src/lib/log.ts";

/** One node and how its kubelet is known. */
export interface NodeIdentity {
  readonly name: string;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

/** The kubelets to be started. */
export interface KubeletsOrder {
  readonly server: string;
  /** PEM of the authority. */
  readonly ca: string;
  readonly nodes: readonly NodeIdentity[];
}

/** Kubelets that start at the same time: each opens several TLS connections. */
const STARTS_AT_ONCE = 20;

process.once("message", (order: KubeletsOrder) => void startAll(order));
process.once("disconnect", () => process.exit(0));

async function startAll({ server, ca, nodes }: KubeletsOrder): Promise<void> {
  const log = createLogger((line) => process.stderr.write(line), { level: "error" });
  const left = [...nodes.entries()];
  const start = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, { name, cert, key }] = next;
      const transport = createHttpsTransport({
        server,
        ca,
        clientCertificate: cert,
        clientKey: key,
        userAgent: "kubelet",
      });
      const podCIDR = `10.${128 + (index >> 8)}.${index & 255}.0/24`;
      const kubelet = await startKubelet({
        client: createClient(transport),
        nodeName: name,
        nodeIPs: [`172.30.${index >> 8}.${index & 255}`],
        runtime: createSimulatedRuntime({ clock: systemClock, podCIDR }),
        ...{ rootDir: "/nonexistent", podLogsDir: "/nonexistent", clusterDNS: ["10.96.0.10"], simulated: true },
        kubeletVersion: "v1.35.0",
        log,
        clock: systemClock,
      });
      await kubelet.registered;
    }
  };
  await Promise.all(Array.from({ length: STARTS_AT_ONCE }, start));
  process.send?.("registered");
}
