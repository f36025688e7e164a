/** What kubelet, containerd and the clients of a whole cluster make of the numbers that people write for "never". */
import assert from "node:assert/strict";
import { test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, startLab, until } from "./lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";
const NEVER = "9223372036854775807";
/** Prints what its preStop hook left on SIGTERM; a container that is killed prints nothing. */
const COMMAND = 'trap "cat /tmp/hooked; exit 0" TERM; sleep 1d & wait';
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: lasting }
spec:
  terminationGracePeriodSeconds: ${NEVER}
  tolerations: [{ operator: Exists, effect: NoExecute, tolerationSeconds: ${NEVER} }]
  containers:
    - name: main
      image: ${IMAGE}
      command: [sh, -c, '${COMMAND}']
      lifecycle: { preStop: { exec: { command: [sh, -c, sleep 1; echo hooked > /tmp/hooked] } } }
`;

if (insideLab(import.meta.filename)) {
  test("a pod that may take 2^63 - 1 seconds to end runs, outlasts a taint, and ends in its own time", {
    timeout: 400_000,
  }, async () => {
    await using lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "1"]);
    const applied = await lab.run("kubectl", ["apply", "-f", "-"], { input: POD });
    assert.equal(applied.exitCode, 0, applied.stderr);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/lasting", "--timeout=120s");

    await lab.kubectl("taint", "node", "fairlead-1", "x=y:NoExecute");
    const again = await lab.run("kubectl", ["apply", "-f", "-"], { input: POD });
    assert.equal(again.stdout, "pod/lasting unchanged\n");
    const fields = "{.spec.terminationGracePeriodSeconds} {.spec.tolerations[0].tolerationSeconds} {.status.phase}";
    assert.equal(await lab.kubectl("get", "pod", "lasting", `-o=jsonpath=${fields}`), `${NEVER} ${NEVER} Running`);

    const log = lab.kubectl("logs", "-f", "lasting");
    await lab.kubectl("delete", "pod", "lasting", "--wait=false");
    assert.equal(await log, "hooked\n", "the hook had its time, and the container got SIGTERM");
    await until("the pod is gone", async () =>
      (await lab.kubectl("get", "pods", "-o", "name")) === "" ? true : undefined,
    );
  });
}
