/** The tutorial on the basics of Services, and how fast a pod that is not well is left out. */
import assert from "node:assert/strict";
import { type Lab, reactionMs, until } from "../lab.testing.ts";
import { testTutorial } from "./tutorial.testing.ts";

/** The probe of the example asks every second, and one failure is enough. */
const PROBE_PERIOD_MS = 1_000;

testTutorial(import.meta.filename, {
  name: "service-basics",
  images: { "library/busybox": "busybox" },
  beyond: { "Only pods that are ready": leavesWithinASecond },
});

/** From the moment at which the API says that the pod is not ready, at most a second of requests still goes there. */
async function leavesWithinASecond(lab: Lab): Promise<void> {
  const address = await lab.kubectl("get", "svc", "web", "-o", "jsonpath={.spec.clusterIP}");
  const ask = async () => (await lab.run("curl", ["-s", "-m", "5", `http://${address}`])).stdout.trim();
  for (const round of [1, 2, 3]) {
    const reaction = await reactionMs(() => lab.kubectl("exec", "web-2", "--", "rm", "/www/healthy"));
    const boundMs = PROBE_PERIOD_MS + reaction;
    const removed = Date.now();
    let last = removed;
    await until("web-2 to be asked no more", async () => {
      if ((await ask()) === "web-2") last = Date.now();
      return Date.now() - last > 2 * boundMs ? true : undefined;
    });
    const tookMs = last - removed;
    assert.ok(tookMs < boundMs, `round ${round}: web-2 was asked for ${tookMs} ms, of at most ${boundMs}`);
    await lab.kubectl("exec", "web-2", "--", "touch", "/www/healthy");
    await until("web-2 to answer again", async () => ((await ask()) === "web-2" ? true : undefined));
  }
}
