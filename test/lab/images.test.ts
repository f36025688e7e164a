/** Images from a registry: a test's own, in the lab. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { insideLab, type Lab, startLab } from "./lab.testing.ts";
import { fetchRegistry, startRegistry, type TestRegistry, upWithRegistry } from "./registry/registry.testing.ts";

if (insideLab(import.meta.filename, fetchRegistry)) {
  let lab: Lab;
  let registry: TestRegistry;

  before(async () => {
    lab = await startLab();
    registry = await startRegistry(lab);
    await upWithRegistry(lab, registry, ["--nodes", "1"]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("the images of the tests start as the well-known ones of their names do", { timeout: 60_000 }, async () => {
    for (const name of ["busybox", "redis", "nginx", "base"] as const) await registry.push(`library/${name}`, name);
    for (const name of ["redis", "nginx"]) await lab.kubectl("run", name, `--image=${name}`);
    for (const name of ["busybox", "base"]) {
      await lab.kubectl("run", name, `--image=${name}`, "--", "sh", "-c", "trap exit TERM; sleep 3600 & wait");
    }
    await lab.kubectl("wait", "pod", "--all", "--for=condition=Ready", "--timeout=40s");
    const address = (pod: string) => lab.kubectl("get", "pod", pod, "-o", "jsonpath={.status.podIP}");
    const [nginx, redis] = await Promise.all([address("nginx"), address("redis")]);
    assert.match(await lab.kubectl("exec", "busybox", "--", "wget", "-qO-", nginx), /Welcome to nginx!/);
    assert.match(await lab.kubectl("exec", "base", "--", "curl", "-sS", nginx), /Welcome to nginx!/);
    assert.match(await lab.kubectl("exec", "base", "--", "nslookup", "kubernetes.default"), /^Address: 10\.96\.0\.1$/m);
    assert.equal((await lab.kubectl("exec", "redis", "--", "redis-cli", "-h", redis, "incr", "visits")).trim(), "1");
    assert.match(await lab.kubectl("logs", "nginx"), /"GET \/ HTTP\/1.1" 200/);
  });
}
