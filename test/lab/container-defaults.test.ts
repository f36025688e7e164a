/**
 * The protection of the machine's kernel from containers, as the kernel sees it: access(2), mountinfo and the status of
 * the container's own process. No test writes below /proc or /sys: they are the machine's.
 */
import assert from "node:assert/strict";
import { access, constants, readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { procPaths } from "../../src/kubelet/runtime/cri/proc-paths.ts";
import type { KubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { startKubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const SETTING = "/proc/sys/kernel/core_pattern";
const LOOK = `
while read -r _ _ _ _ path options _; do echo "mount $path $options"; done < /proc/self/mountinfo
while read -r field values; do echo "status $field $values"; done < /proc/self/status
for device in /dev/*; do echo "device \${device#/dev/}"; done
true
`;
const DEVICES = ["fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout"];

if (insideOwnNamespaces(import.meta.filename)) {
  let node: KubeletOnContainerd;

  before(async () => {
    node = await startKubeletOnContainerd();
  });

  after(() => node[Symbol.asyncDispose]());

  for (const kind of ["init", "sidecar", "app"]) {
    test(`a container (${kind}) can neither write the kernel's settings nor read what is masked`, async () => {
      await startThree();
      const seen = parse(await node.outputOf("plain", kind));
      const { maskedPaths, readonlyPaths } = procPaths("Default", []);
      for (const path of await there(readonlyPaths)) assert.match(seen.mounts.get(path) ?? "", /^ro,/, path);
      for (const path of await there(maskedPaths)) assert.ok(seen.mounts.has(path), path);
      // Of cgroup v1, only the folder of the hierarchies' mounts is writable: it is the container's own.
      const hierarchies = [...seen.mounts.keys()].filter((path) => path.startsWith("/sys/fs/cgroup/"));
      const cgroups = hierarchies.length > 0 ? hierarchies : ["/sys/fs/cgroup"];
      for (const path of ["/sys", ...cgroups]) assert.match(seen.mounts.get(path) ?? "", /^ro,/, path);
    });
  }

  test("a container has the runtime's capabilities and devices, no seccomp filter, and may gain rights", async () => {
    await startThree();
    const { status, devices } = parse(await node.outputOf("plain", "app"));
    assert.equal(status.get("CapEff"), "00000000a80425fb");
    assert.deepEqual([status.get("Seccomp"), status.get("NoNewPrivs")], ["0", "0"]);
    assert.deepEqual([...DEVICES, "termination-log", "tty", "urandom", "zero"], devices);
  });

  test("a container's settings reach its process", async () => {
    await node.create("strict", {
      securityContext: { fsGroup: 9, supplementalGroups: [4], seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        node.shell("app", LOOK, {
          securityContext: {
            runAsUser: 1000,
            runAsGroup: 1001,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        }),
        // CRI refuses a group without a user.
        node.shell("group", LOOK, { securityContext: { runAsGroup: 1001 } }),
      ],
    });
    const { status, mounts } = parse(await node.outputOf("strict", "app"));
    assert.match(mounts.get("/") ?? "", /^ro,/);
    assert.deepEqual(
      ["Uid:", "Gid:", "Groups:", "CapEff:", "CapBnd:", "Seccomp:", "NoNewPrivs:"].map((field) =>
        status.get(field.slice(0, -1)),
      ),
      [
        "1000\t1000\t1000\t1000",
        "1001\t1001\t1001\t1001",
        "4 9 1001",
        "0000000000000000",
        "0000000000000000",
        "2",
        "1",
      ],
    );
    const group = parse(await node.outputOf("strict", "group")).status;
    assert.deepEqual([group.get("Uid"), group.get("Gid")], ["0\t0\t0\t0", "1001\t1001\t1001\t1001"]);
  });

  for (const { privileged, want } of [
    { privileged: false, want: "EROFS" },
    { privileged: true, want: "writable" },
  ]) {
    test(`to access(2), the kernel's settings are ${want} in a container with privileged: ${privileged}`, async () => {
      const name = `privileged-${privileged}`;
      const container = node.shell("app", `${LOOK} sleep 1000`, { securityContext: { privileged } });
      await node.create(name, { containers: [container] });
      const pod = await node.untilPod(name, (p) => p.status.containerStatuses?.[0]?.state?.running !== undefined);
      const root = await rootOf(pod.status.containerStatuses?.[0]?.containerID ?? "");
      for (const path of await there([SETTING, "/proc/sysrq-trigger"])) {
        assert.equal(await writability(`${root}${path}`), want, path);
      }
    });
  }

  test("a pod's own kernel settings are those of its namespaces, whichever way their names are written", async () => {
    await node.create("settings", {
      securityContext: {
        sysctls: [
          { name: "net/ipv4/tcp_fin_timeout", value: "17" },
          { name: "net.ipv4.tcp_keepalive_time", value: "1234" },
        ],
      },
      containers: [node.shell("app", "cd /proc/sys/net/ipv4; cat tcp_fin_timeout tcp_keepalive_time")],
    });
    assert.equal(await node.outputOf("settings", "app"), "17\n1234\n");
  });

  test("a privileged container sees the kernel's files unmasked", async () => {
    await node.create("privileged", {
      containers: [node.shell("app", LOOK, { securityContext: { privileged: true } })],
    });
    const { mounts } = parse(await node.outputOf("privileged", "app"));
    const { maskedPaths, readonlyPaths } = procPaths("Default", []);
    assert.deepEqual(
      [...maskedPaths, ...readonlyPaths].filter((path) => mounts.has(path)),
      [],
    );
  });

  let created: Promise<unknown> | undefined;

  /** One pod with a container of each kind. */
  function startThree(): Promise<unknown> {
    created ??= node.create("plain", {
      initContainers: [
        node.shell("init", LOOK),
        node.shell("sidecar", `${LOOK} trap "exit 0" TERM; sleep 1000 & wait`, { restartPolicy: "Always" }),
      ],
      containers: [node.shell("app", LOOK)],
    });
    return created;
  }
}

/**
 * The root directory of a running container's first process, as this process can open it. The container's own shell
 * would not do: busybox's `[ -w` does not ask the kernel when root asks.
 */
async function rootOf(containerID: string): Promise<string> {
  const id = containerID.replace("containerd://", "");
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const cgroup = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
    if (cgroup.includes(id)) return `/proc/${pid}/root`;
  }
  throw new Error(`Container ${id} has no process`);
}

/** The answer of access(2) for writing: nothing is opened. */
async function writability(path: string): Promise<string> {
  return await access(path, constants.W_OK).then(
    () => "writable",
    (error: NodeJS.ErrnoException) => error.code ?? "",
  );
}

/** Those of the paths that this machine has: the runtime skips the others. */
async function there(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path)
        .then(() => [path])
        .catch(() => []),
    ),
  );
  return found.flat();
}

function parse(output: string) {
  const rows = output.split("\n").map((line) => line.split(" "));
  const of = (kind: string) => rows.filter(([first]) => first === kind).map(([, ...rest]) => rest);
  return {
    mounts: new Map(of("mount").map(([path = "", options = ""]) => [path, options])),
    status: new Map(of("status").map(([field = "", ...values]) => [field.replace(/:$/, ""), values.join(" ")])),
    devices: of("device")
      .map(([device = ""]) => device)
      .toSorted(),
  };
}
