/**
 * The disk of the store is full: writes are refused in words, reads and deletions go on, and nothing acknowledged is lost.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { CONTROL_PLANE_STORE } from "../../src/cluster/supervisor/program-spec.ts";
import { TOOLS_IMAGE } from "../../src/images/local-images.ts";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { onMachine, pidOf } from "./network/machines.testing.ts";

const LIMIT = { timeout: 120_000 };
const DISK_BYTES = 48 * 1024 * 1024;
/** Content of one object, in bytes. */
const CONTENT_BYTES = 200_000;

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    const store = path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead/store");
    await mkdir(store, { recursive: true });
    await run("mount", "-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", store);
    await upOrShowLogs(lab, []);
  });
  after(async () => {
    await lab?.fairlead("down");
    await lab?.[Symbol.asyncDispose]();
  });

  async function run(program: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await lab.run(program, args);
    assert.equal(exitCode, 0, stderr);
    return stdout;
  }

  /** Creates ConfigMaps until the server refuses one. Answers their names and the refusal. */
  async function fill(prefix: string): Promise<{ readonly kept: readonly string[]; readonly refusal: string }> {
    const file = path.join(lab.home, "content");
    await run("sh", "-c", `head -c ${CONTENT_BYTES} /dev/zero | tr '\\0' x > ${file}`);
    const kept: string[] = [];
    for (;;) {
      const name = `${prefix}-${kept.length}`;
      const { exitCode, stderr } = await lab.run("kubectl", ["create", "configmap", name, `--from-file=${file}`]);
      if (exitCode !== 0) return { kept, refusal: stderr };
      kept.push(name);
      assert.ok(kept.length * CONTENT_BYTES < DISK_BYTES, "the disk is never full");
    }
  }

  async function stored(): Promise<readonly string[]> {
    const names = await lab.kubectl("get", "configmaps", "-o", "name");
    return names
      .trim()
      .split("\n")
      .map((line) => line.replace("configmap/", ""))
      .filter((name) => name !== "kube-root-ca.crt")
      .sort();
  }

  /** Takes all of the disk that the store has not taken. */
  async function fillDisk(): Promise<void> {
    await onMachine(lab, "fairlead-1", `cat /dev/zero > ${CONTROL_PLANE_STORE}/filler 2>/dev/null || true`);
  }

  test(
    "a full disk refuses writes, keeps what was acknowledged, and writes again when there is room",
    LIMIT,
    async () => {
      await onMachine(lab, "fairlead-1", `head -c ${DISK_BYTES * 0.75} /dev/zero > ${CONTROL_PLANE_STORE}/filler`);
      const { kept, refusal } = await fill("full");
      assert.match(
        refusal,
        /Cannot write to the store: database or disk is full: delete objects, which still works, or free space on/,
      );
      assert.deepEqual(await stored(), kept.toSorted());

      process.kill(await pidOf(lab, "fairlead-1/server"), "SIGKILL");
      await until("the server to answer again", async () =>
        (await stored()).length === kept.length ? true : undefined,
      );
      assert.deepEqual(await stored(), kept.toSorted(), "after a restart on a full disk");

      await onMachine(lab, "fairlead-1", `rm ${CONTROL_PLANE_STORE}/filler`);
      await until("a write to be accepted", async () => {
        const { exitCode } = await lab.run("kubectl", ["create", "configmap", "room"]);
        return exitCode === 0 ? true : undefined;
      });
      assert.deepEqual(await stored(), [...kept, "room"].sort());
      await lab.kubectl("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=60s");
    },
  );

  test(
    "on a full disk objects and pods can be deleted, and what they took up can be written again",
    LIMIT,
    async () => {
      const names = await stored();
      await lab.kubectl("delete", "configmap", ...names, "--wait=false");
      await lab.kubectl("run", "web", `--image=${TOOLS_IMAGE}`, "--", "sleep", "1000");
      await lab.kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
      await fillDisk();
      const { kept } = await fill("again");
      await fillDisk();

      await lab.kubectl("delete", "pod", "web", "--grace-period=1", "--timeout=60s");
      const deleted = kept.slice(0, 5);
      await lab.kubectl("delete", "configmap", ...deleted);
      const after = await fill("more");
      assert.ok(after.kept.length >= deleted.length - 1, `${after.kept.length} could be written: ${after.refusal}`);
      await fillDisk();
      const rest = [...kept.slice(5), ...after.kept];
      assert.deepEqual(await stored(), rest.toSorted());

      process.kill(await pidOf(lab, "fairlead-1/server"), "SIGKILL");
      await until("the server to answer again", async () => ((await stored()).length > 0 ? true : undefined));
      assert.deepEqual(await stored(), rest.toSorted(), "after a restart on a full disk");
      await lab.kubectl("delete", "configmap", ...rest);
      assert.deepEqual(await stored(), []);
      await lab.kubectl("create", "configmap", "small");
    },
  );
}
