import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { insideLab, startLab, until } from "./lab.testing.ts";

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

  test("both clients are there, and a failing one says why", async () => {
    await using lab = await startLab();
    assert.match(await lab.kubectl("version", "--client"), /Client Version/);
    assert.match(await lab.kubectl120("version", "--client"), /v1\.20/);
    await assert.rejects(
      lab.kubectl("get", "nonsense", "--server=http://127.0.0.1:1"),
      /kubectl get nonsense.* ended with 1: .*refused/s,
    );
  });

  test("waiting tells what it waited for, and the last failure", async () => {
    let asked = 0;
    assert.equal(await until("the third answer", async () => (++asked === 3 ? asked : undefined)), 3);
    const failing = until("what never comes", () => Promise.reject(new Error("not yet")), 120);
    await assert.rejects(failing, {
      message: "Waited 120 ms in vain for what never comes",
      cause: new Error("not yet"),
    });
  });
}
