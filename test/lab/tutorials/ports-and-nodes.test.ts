/** The tutorial on ports and nodes, and what clients of other nodes notice when one comes and goes. */
import assert from "node:assert/strict";
import { type Lab, until } from "../lab.testing.ts";
import { testTutorial } from "./tutorial.testing.ts";

testTutorial(import.meta.filename, {
  name: "ports-and-nodes",
  images: { "library/busybox": "busybox" },
  beyond: { "A node less": othersGoOnAnswering },
});

/** Two nodes are asked without a pause while another comes and goes. */
async function othersGoOnAnswering(lab: Lab): Promise<void> {
  const ask = "curl -s -m 2 http://172.30.0.11:30007 http://172.30.0.13:30007 || echo failed";
  const asking = lab.start("sh", ["-c", `while true; do ${ask}; done`]);
  const answers: string[] = [];
  asking.stdout?.setEncoding("utf8").on("data", (lines: string) => answers.push(...lines.trim().split("\n")));
  const added = (await lab.fairlead("node", "add")).trim();
  const address = (await lab.fairlead("ip", added)).trim();
  await until(`${added} to answer`, async () => {
    const { stdout } = await lab.run("curl", ["-s", "-m", "2", `http://${address}:30007`]);
    return stdout === "web\n" ? true : undefined;
  });
  await lab.fairlead("node", "remove", added);
  asking.kill();
  assert.ok(answers.length > 50, `only ${answers.length} answers`);
  assert.deepEqual([...new Set(answers)], ["web"]);
}
