/** What a node's own endpoints answer, as administrators and tools ask them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, startLab, until } from "./lab.testing.ts";

const LIMIT = { timeout: 180_000 };

if (insideLab(import.meta.filename)) {
  test(
    "a node shows its logs through the API server, how its proxy works on loopback, and why it refuses a pod",
    LIMIT,
    async () => {
      await using lab = await startLab();
      await upOrShowLogs(lab, []);
      const raw = (path: string) => lab.run("kubectl", ["get", "--raw", path]);
      const node = (await lab.kubectl("get", "nodes", "-o", "name")).trim().replace("node/", "");
      const logs = `/api/v1/nodes/${node}/proxy/logs`;

      const list = await raw(`${logs}/`);
      assert.match(list.stdout, /<a href="pods\/">pods\/<\/a>/);
      for (const path of [`${logs}/..%2f..%2fetc/passwd`, `${logs}/pods/../../../etc/passwd`]) {
        const { exitCode, stdout } = await raw(path);
        assert.notEqual(exitCode, 0, path);
        assert.doesNotMatch(stdout, /root:/);
      }

      const pod = (name: string, spec: object) => ({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
      const container = (script: string) => ({
        name: "app",
        image: "registry.fairlead.local/tools:1",
        args: ["sh", "-c", script],
      });
      const pods = [
        pod("mode", {
          restartPolicy: "Never",
          hostNetwork: true,
          containers: [container("wget -qO- http://127.0.0.1:10249/proxyMode")],
        }),
        pod("refused", {
          securityContext: { sysctls: [{ name: "kernel.panic", value: "1" }] },
          containers: [container("sleep 1000")],
        }),
      ];
      for (const object of pods) {
        const { exitCode, stderr } = await lab.run("kubectl", ["create", "-f", "-"], { input: JSON.stringify(object) });
        assert.equal(exitCode, 0, stderr);
      }
      await until("the mode's pod", async () =>
        (await lab.kubectl("get", "pod", "mode", "-o", "jsonpath={.status.phase}")) === "Succeeded" ? true : undefined,
      );
      assert.equal(await lab.kubectl("logs", "mode"), "nftables");
      const described = await until("the event", async () => {
        const text = await lab.kubectl("describe", "pod", "refused");
        return text.includes("Warning") ? text : undefined;
      });
      assert.match(described, /Warning +SysctlForbidden .*forbidden sysctl: "kernel.panic" not allowlisted/);
      assert.match(described, /Message: +Pod was rejected: forbidden sysctl/);
    },
  );
}
