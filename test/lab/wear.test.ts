/** A node that is used hard: what its pods have had is given back, and what is paused or killed is made up for. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { remains, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const fairlead = path.resolve(import.meta.dirname, "../../fairlead");
const IMAGE = "registry.fairlead.local/tools:1";
const NODE_ADDRESS = "172.30.0.11";
/** Pods that come and go at once. Two cores make about ten sandboxes a second. */
const PODS = 40;
/** Pods that were deleted while they started have to be started and ended before they are gone. */
const SETTLE_MS = 360_000;

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "1"]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("a pod with a host port answers on its node's address, from the host and from the node", async () => {
    await apply(lab, [{ ...webPod("web"), ports: [{ containerPort: 80, hostPort: 8080 }] }]);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=240s");
    const ask = ["curl", "-s", "-m", "5", `http://${NODE_ADDRESS}:8080/hostname`];
    assert.equal((await lab.run("sh", ["-c", ask.join(" ")])).stdout, "web\n");
    assert.equal(await onNode(lab, ask.join(" ")), "web\n");
  });

  test("pods that come and go at once leave nothing on their node", { timeout: 960_000 }, async () => {
    const untouched = await traces(lab);
    const names = Array.from({ length: PODS }, (_, i) => `passing-${i}`);
    await apply(lab, names.map(webPod));
    // Some run by now, some start, and no kubelet has the rest yet.
    await lab.kubectl("delete", "pod", ...names, "--wait=false");
    await until(
      "no pod to be left",
      async () => ((await podNames(lab)).join() === "web" ? true : undefined),
      SETTLE_MS,
    );
    await untilSame(() => traces(lab), untouched);
  });

  test("a host port leads nowhere once its pod is gone", async () => {
    await lab.kubectl("delete", "pod", "web", "--wait=true");
    const { exitCode } = await lab.run("curl", ["-s", "-m", "5", `http://${NODE_ADDRESS}:8080`]);
    assert.equal(exitCode, 7, "refused");
    assert.equal(await onNode(lab, "iptables-save -t nat | grep -c 8080 || true"), "0\n");
  });

  test("an API server that says nothing for fifteen seconds: pods are reached, and afterwards all goes on", async () => {
    await apply(lab, [webPod("steady")]);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/steady", "--timeout=240s");
    const address = await lab.kubectl("get", "pod", "steady", "-o", "jsonpath={.status.podIP}");
    const loop = startLoop(lab, `http://${address}/hostname`);
    const server = await pidOf(lab, "fairlead-1/server");
    process.kill(server, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    process.kill(server, "SIGCONT");
    await apply(lab, [webPod("afterwards")]);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/afterwards", "--timeout=120s");
    const answers = await loop.stop();
    assert.deepEqual([...new Set(answers)], ["steady"]);
  });

  test("a machine killed: addresses that its pods had are given out again", async () => {
    const running = (await podNames(lab)).length;
    // As when the machine is killed between the making of a sandbox's network and of the sandbox.
    await onNode(lab, "printf 'gone\\r\\neth0' > /var/lib/cni/fairlead/fairlead/10.244.0.200");
    process.kill(await pidOf(lab, "machine"), "SIGKILL");
    await until("the machine to be started again", async () =>
      (await machine(lab)).restarts === 1 ? true : undefined,
    );
    await untilSame(async () => (await leases(lab)).length, running, SETTLE_MS);
    assert.ok(!(await leases(lab)).includes("10.244.0.200"));
  });

  test("down takes all of it away", async () => {
    await apply(lab, [{ ...webPod("last"), ports: [{ containerPort: 80, hostPort: 8080 }] }]);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/last", "--timeout=240s");
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
  });
}

interface WebPod {
  readonly name: string;
  readonly ports?: readonly { readonly containerPort: number; readonly hostPort: number }[];
}

function webPod(name: string): WebPod {
  return { name };
}

/** Pods that answer with their name under `/hostname`, and end as soon as they are asked to. */
async function apply(lab: Lab, pods: readonly WebPod[]): Promise<void> {
  const items = pods.map(({ name, ports }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "web", image: IMAGE, args: ["httpd", "-f", "-p", "80", "-h", "/etc"], ports }],
    },
  }));
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { exitCode, stderr } = await lab.run("kubectl", ["create", "-f", "-"], { input });
  assert.equal(exitCode, 0, stderr);
}

async function podNames(lab: Lab): Promise<readonly string[]> {
  const names = await lab.kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.name}");
  return names.split(" ").filter((name) => name !== "");
}

interface MachineStatus {
  readonly pid: number;
  readonly restarts: number;
  readonly programs: readonly { readonly name: string; readonly pid: number }[];
}

/** The only machine there is. */
async function machine(lab: Lab): Promise<MachineStatus> {
  // Says so, too, when something does not run.
  const { stdout } = await lab.run(fairlead, ["status", "-o", "json"]);
  const { supervisor } = JSON.parse(stdout) as { supervisor: { machines: MachineStatus[] } };
  assert.ok(supervisor.machines[0] !== undefined);
  return supervisor.machines[0];
}

/** @param what - A program's name, or `machine` for the machine's first process. */
async function pidOf(lab: Lab, what: string): Promise<number> {
  const { pid, programs } = await machine(lab);
  const found = what === "machine" ? pid : programs.find(({ name }) => name === what)?.pid;
  assert.ok(found !== undefined, what);
  return found;
}

/** What a shell prints that runs on the node. */
async function onNode(lab: Lab, script: string): Promise<string> {
  const enter = ["--target", String(await pidOf(lab, "machine")), "--mount", "--net", "--uts", "--pid"];
  const { exitCode, stdout, stderr } = await lab.run("nsenter", [...enter, "sh", "-c", script]);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}

async function leases(lab: Lab): Promise<readonly string[]> {
  const files = await onNode(lab, "ls /var/lib/cni/fairlead/fairlead");
  return files.split("\n").filter((file) => /^[0-9.]+$/.test(file));
}

/** Everything that a pod has on its node, by its kind. */
async function traces(lab: Lab): Promise<Record<string, readonly string[]>> {
  const scripts = {
    sandboxes: "ctr -a /run/fairlead/containerd.sock -n k8s.io containers ls -q",
    processes: "ps -eo args= | grep '[c]ontainerd-shim'",
    namespaces: "ls /run/netns /var/run/netns 2>/dev/null | sort -u",
    links: "ip -o link show type veth | cut -d: -f2",
    routes: "ip route show",
    rules: "iptables-save -t nat | grep -v '^#' | sed 's/\\[.*//'",
    mounts: "grep -E 'containerd|kubelet' /proc/self/mounts | cut -d' ' -f2",
    cgroups: "find /sys/fs/cgroup -type d -path '*/fairlead-1/pods/*'",
    volumes: "ls /var/lib/kubelet/pods",
    logs: "ls /var/log/pods",
    leases: "ls /var/lib/cni/fairlead/fairlead | grep '^[0-9]'",
    results: "ls /var/lib/cni/results /var/lib/cni/cache/results 2>/dev/null",
  };
  const found = Object.entries(scripts).map(async ([kind, script]) => {
    const lines = (await onNode(lab, `${script} || true`)).split("\n").filter((line) => line !== "");
    return [kind, lines.sort()] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Asks until the answer is the wanted one; the difference is what a failure tells. */
async function untilSame<T>(ask: () => Promise<T>, wanted: T, timeoutMs = 120_000): Promise<void> {
  await until(
    "things to be as before",
    async () => {
      assert.deepEqual(await ask(), wanted);
      return true;
    },
    timeoutMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${(error.cause as Error | undefined)?.message}`, { cause: error });
  });
}
