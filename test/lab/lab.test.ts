import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { insideLab, startLab, until } from "./lab.testing.ts";
import { cgroupMounts, labCgroup, removeLeftCgroups } from "./lab-cgroups.testing.ts";

if (insideLab(import.meta.filename)) {
  test("the lab has loopback and no other interface", () => {
    assert.deepEqual(Object.keys(networkInterfaces()), ["lo"]);
  });

  test("a server on loopback is reached from inside", async (t) => {
    const server = createServer((_, response) => response.end("here"));
    server.listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    await using lab = await startLab();
    const { port } = server.address() as AddressInfo;
    const { stdout } = await lab.run("curl", ["-s", `http://127.0.0.1:${port}/`]);
    assert.equal(stdout, "here");
  });

  test("an account has a home of its own, which goes with it", async () => {
    let home: string;
    {
      await using lab = await startLab();
      home = lab.home;
      const { stdout } = await lab.run("sh", ["-c", "echo $HOME; pwd; cat"], { input: "typed" });
      assert.equal(stdout, `${home}\n${home}\ntyped`);
    }
    assert.equal(existsSync(home), false);
  });

  test("a program that goes on ends with the account", async () => {
    const lab = await startLab();
    const child = lab.start("sleep", ["1000"]);
    const ended = once(child, "exit");
    await lab[Symbol.asyncDispose]();
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  });

  test("an orphan leaves no zombie behind", { timeout: 240_000 }, async () => {
    await using lab = await startLab();
    // The shell ends at once; its child ends later, as a child of the first process.
    const { stdout } = await lab.run("sh", ["-c", "sleep 0.2 >&- 2>&- & echo $!"]);
    await until("the orphan to be reaped", async () => (existsSync(`/proc/${stdout.trim()}`) ? undefined : true));
  });

  test("both clients are there, and a failing one says why", async () => {
    await using lab = await startLab();
    assert.match(await lab.kubectl("version", "--client"), /Client Version/);
    assert.match(await lab.kubectl120("version", "--client"), /v1\.20/);
    await assert.rejects(
      lab.kubectl("get", "nonsense", "--server=http://127.0.0.1:1"),
      /kubectl get nonsense.* ended with 1: .*refused/s,
    );
  });

  test("the cgroups of labs that were killed are removed, and no others", async () => {
    const mounts = cgroupMounts();
    const child = spawn("sleep", ["1000"]);
    const over = labCgroup(endedPid());
    const numberedAnew = labCgroup(process.pid);
    const running = labCgroup(child.pid ?? 0);
    const used = labCgroup(endedPid());
    const others = [`${over}x`, `x${over}`, "fairlead-lab-", running];
    for (const name of [over, numberedAnew, used, ...others]) {
      for (const at of mounts) await mkdir(path.join(at, name, "machine/pod"), { recursive: true });
    }
    // A cpuset takes no process before it has been given processors.
    const hierarchy = mounts.find((at) => !at.endsWith("/cpuset")) ?? "";
    await writeFile(path.join(hierarchy, used, "machine/cgroup.procs"), String(child.pid));

    removeLeftCgroups();
    for (const at of mounts) {
      assert.deepEqual(await cgroupsIn(at), [...others, used].sort(), at);
      assert.ok(existsSync(path.join(at, used, "machine/pod")), `one that is used stays as a whole: ${at}`);
    }

    child.kill();
    await once(child, "exit");
    removeLeftCgroups();
    for (const at of mounts)
      assert.deepEqual(await cgroupsIn(at), others.filter((name) => name !== running).sort(), at);
  });

  test("waiting tells what it waited for, and the last failure", async () => {
    let asked = 0;
    assert.equal(await until("the third answer", async () => (++asked === 3 ? asked : undefined)), 3);
    const failing = until("what never comes", () => Promise.reject(new Error("not yet")), 120);
    await assert.rejects(failing, {
      message: "Timed out after 120 ms waiting for what never comes",
      cause: new Error("not yet"),
    });
  });
}

/** The number of a process that is gone. */
function endedPid(): number {
  return spawnSync("true").pid;
}

async function cgroupsIn(mount: string): Promise<string[]> {
  const names = await readdir(mount);
  return names.filter((name) => name.includes("fairlead-lab-")).sort();
}
