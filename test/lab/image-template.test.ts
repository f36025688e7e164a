/** Images of new machines: copied from a template, and imported where that cannot be. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { remains, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const root = path.resolve(import.meta.dirname, "../..");
const fairlead = path.join(root, "fairlead");
const LIMIT = { timeout: 480_000 };
const TOOLS = "registry.fairlead.local/tools:1";
/** Where the temporary containerd listens that makes the template. */
const TEMPLATE_SOCKET = "/run/containerd.sock";

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  /** Holds a `ctr` that notes how it was called, and does what the file `order` says about templates. */
  let bin: string;

  before(async () => {
    bin = await mkdtemp(path.join(tmpdir(), "ctr-"));
    const path_ = process.env.PATH ?? "";
    const script = [
      "#!/bin/sh",
      `echo "$*" >> ${bin}/calls`,
      `case "$2 $(cat ${bin}/order 2>/dev/null)" in`,
      `  "${TEMPLATE_SOCKET} fail") echo "ctr: no room" >&2; exit 1;;`,
      `  "${TEMPLATE_SOCKET} hang") exec sleep 600;;`,
      "esac",
      `PATH=${path_} exec ctr "$@"`,
    ];
    await writeFile(path.join(bin, "ctr"), `${script.join("\n")}\n`, { mode: 0o755 });
    lab = await startLab({ PATH: `${bin}:${root}:${path_}` });
  });
  after(async () => {
    await lab?.[Symbol.asyncDispose]();
    await rm(bin, { recursive: true, force: true });
  });

  const order = (word: "fail" | "hang" | "") => writeFile(path.join(bin, "order"), word);
  let callsSeen = 0;
  /** The sockets of the containerds that images were imported into since the last call. */
  const imports = async () => {
    const calls = await readFile(path.join(bin, "calls"), "utf8").catch(() => "");
    // The last one has no end yet.
    const lines = calls.split("\n").slice(0, -1);
    const added = lines.slice(callsSeen);
    callsSeen = lines.length;
    return added.filter((line) => line.includes(" images import ")).map((line) => line.split(" ")[1]);
  };
  const stateOf = (...names: string[]) => path.join(lab.env.FAIRLEAD_HOME ?? "", "state", ...names);
  const socketOf = (node: string) => path.join(lab.env.FAIRLEAD_HOME ?? "", "run/fairlead", node, "containerd.sock");
  const templates = async () =>
    (await readdir(stateOf("cache/images"))).filter((name) => name.startsWith("containerd-")).sort();

  test("an `up` that is killed while it makes the template leaves no process and no mount", LIMIT, async () => {
    await order("hang");
    const up = lab.start(fairlead, ["up", "--uplink", "none"]);
    let printed = "";
    up.stderr?.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
    const [socket] = await until("the import", async () => {
      const called = await imports();
      return called.length > 0 ? called : undefined;
    });
    // An `up` without a template starts machines, which stay.
    assert.equal(socket, TEMPLATE_SOCKET, printed);
    const ended = once(up, "exit");
    up.kill("SIGKILL");
    await ended;
    await until("its processes to end", async () => {
      const processes = (await lab.run("ps", ["-eo", "args="])).stdout;
      return /^(containerd|sleep 600|unshare) ?/m.test(processes) ? undefined : true;
    });
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
  });

  test(
    "without a template images are imported, and pods start from them; debug output has the reason",
    LIMIT,
    async () => {
      await order("fail");
      const up = await lab.run(fairlead, ["up", "--uplink", "none"], { env: { NODE_DEBUG: "fairlead" } });
      assert.equal(up.exitCode, 0, up.stderr);
      assert.match(up.stderr, / Cannot make an image template: ctr: no room$/m);
      assert.deepEqual(await imports(), [TEMPLATE_SOCKET, socketOf("fairlead-1")]);
      assert.deepEqual(await templates(), []);
      await startPod(lab, "imported", "fairlead-1");
      await lab.fairlead("down");
    },
  );

  test("with one nothing is imported into a machine, and pods start from what it got", LIMIT, async () => {
    await order("");
    await upOrShowLogs(lab, ["--nodes", "2"]);
    assert.deepEqual(await imports(), [TEMPLATE_SOCKET]);
    assert.equal((await templates()).length, 1);
    assert.match(
      await lab.fairlead("image", "ls"),
      /pause:1 +fairlead-1,fairlead-2\n.*tools:1 +fairlead-1,fairlead-2$/m,
    );
    await startPod(lab, "copied", "fairlead-2");
  });

  test("nor into a node that is added", LIMIT, async () => {
    await lab.fairlead("node", "add");
    assert.deepEqual(await imports(), []);
    await startPod(lab, "added", "fairlead-3");
  });

  test("each machine has files of its own", LIMIT, async () => {
    const folders = [stateOf("cache/images"), stateOf("clusters/fairlead/machines")];
    const found = await lab.run("find", [...folders, "-path", "*/fs/bin/busybox", "-printf", "%i\n"]);
    const inodes = found.stdout.trim().split("\n");
    assert.equal(inodes.length, 4, "of the template and of three machines");
    assert.equal(new Set(inodes).size, 4);
  });

  test("an image that was removed is imported by an `up` that goes on with an incomplete cluster", LIMIT, async () => {
    const images = ["--address", socketOf("fairlead-1"), "--namespace", "k8s.io", "images"];
    await lab.run("ctr", [...images, "remove", TOOLS]);
    assert.match(await lab.fairlead("image", "ls"), /tools:1 +fairlead-2,fairlead-3$/m);
    await rm(stateOf("clusters/fairlead/complete"));
    await imports();
    await upOrShowLogs(lab, []);
    assert.deepEqual((await imports()).sort(), ["fairlead-1", "fairlead-2", "fairlead-3"].map(socketOf));
    assert.match(await lab.fairlead("image", "ls"), /tools:1 +fairlead-1,fairlead-2,fairlead-3$/m);
  });

  test("the template stays for the next cluster", LIMIT, async () => {
    await lab.fairlead("down");
    await imports();
    await upOrShowLogs(lab, ["--name", "second"]);
    assert.deepEqual(await imports(), []);
    await lab.fairlead("down", "--name", "second");
    assert.deepEqual(await remains(lab), []);
  });
}

/** Runs a pod that may not pull, and waits until it is ready. */
async function startPod(lab: Lab, name: string, nodeName: string): Promise<void> {
  const overrides = JSON.stringify({ spec: { nodeName, terminationGracePeriodSeconds: 1 } });
  const image = [`--image=${TOOLS}`, "--image-pull-policy=Never"];
  await lab.kubectl("run", name, ...image, `--overrides=${overrides}`, "--", "sleep", "3600");
  await lab.kubectl("wait", "pod", name, "--for=condition=Ready", "--timeout=120s");
}
