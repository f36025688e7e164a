/** Commands that are killed in the middle: the next one goes on with what they have begun. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const fairlead = path.resolve(import.meta.dirname, "../../fairlead");
const LIMIT = { timeout: 480_000 };
const [FIRST_MIRROR, SECOND_MIRROR] = ["http://172.30.0.2:5001", "http://172.30.0.2:5002"];

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("an `up` that was cut off may be repeated with other mirrors, which the machines then have", LIMIT, async () => {
    const flag = (mirror: string) => ["--registry-mirror", `docker.io=${mirror}`];
    const up = lab.start(fairlead, ["up", "--uplink", "none", ...flag(FIRST_MIRROR)]);
    await until("the machine to be set up", async () => (await hosts(lab)).includes(FIRST_MIRROR) || undefined);
    await kill(up);
    await upOrShowLogs(lab, flag(SECOND_MIRROR));
    const text = await hosts(lab);
    assert.ok(text.includes(SECOND_MIRROR) && !text.includes(FIRST_MIRROR), text);
  });

  test("a `node add` that was cut off is completed by `up`, images included", LIMIT, async () => {
    await killedOnce(lab, ["node", "add"], (nodes) => nodes.includes("fairlead-2"));
    await upOrShowLogs(lab, []);
    assert.match(await lab.fairlead("image", "ls"), /tools:1 +fairlead-1,fairlead-2$/m);
  });

  test("two that are added at the same time are two", LIMIT, async () => {
    const added = await Promise.all([lab.fairlead("node", "add"), lab.fairlead("node", "add")]);
    assert.deepEqual(added.map((name) => name.trim()).sort(), ["fairlead-3", "fairlead-4"]);
    assert.deepEqual(await registered(lab), ["fairlead-1", "fairlead-2", "fairlead-3", "fairlead-4"]);
  });

  test("nor does another `node add` leave its node without images", LIMIT, async () => {
    await killedOnce(lab, ["node", "add"], (nodes) => nodes.includes("fairlead-5"));
    assert.equal((await lab.fairlead("node", "add")).trim(), "fairlead-6");
    assert.match(await lab.fairlead("image", "ls"), /tools:1 +.*fairlead-5,fairlead-6$/m);
    await lab.kubectl("wait", "node", "fairlead-5", "--for=condition=Ready", "--timeout=120s");
    for (const node of ["fairlead-5", "fairlead-6"]) await lab.fairlead("node", "remove", node);
  });

  test("a `node remove` that was cut off may be repeated", LIMIT, async () => {
    await killedOnce(lab, ["node", "remove", "fairlead-2"], (nodes) => !nodes.includes("fairlead-2"));
    await lab.fairlead("node", "remove", "fairlead-2");
    assert.deepEqual(await registered(lab), ["fairlead-1", "fairlead-3", "fairlead-4"]);
    const again = await lab.run(fairlead, ["node", "remove", "fairlead-2"]);
    assert.match(again.stderr, /Cannot remove node "fairlead-2": the nodes are fairlead-1, fairlead-3, fairlead-4/);
  });
}

function stateOf(lab: Lab, ...file: string[]): string {
  return path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead", ...file);
}

/** What the first machine's containerd reads about Docker Hub; empty before it is written. */
function hosts(lab: Lab): Promise<string> {
  return readFile(stateOf(lab, "kubeconfigs/fairlead-1/certs.d/docker.io/hosts.toml"), "utf8").catch(() => "");
}

/** Starts a command and kills it as soon as the cluster's description has these nodes. */
async function killedOnce(lab: Lab, words: readonly string[], has: (nodes: readonly string[]) => boolean) {
  const command = lab.start(fairlead, words);
  for (;;) {
    const { nodes } = JSON.parse(await readFile(stateOf(lab, "cluster.json"), "utf8")) as { nodes: { name: string }[] };
    if (has(nodes.map(({ name }) => name))) break;
    assert.equal(command.exitCode, null, "it has ended by itself");
  }
  await kill(command);
}

async function kill(command: ReturnType<Lab["start"]>): Promise<void> {
  if (command.exitCode !== null) return;
  const ended = once(command, "exit");
  command.kill("SIGKILL");
  await ended;
}

async function registered(lab: Lab): Promise<string[]> {
  const names = await lab.kubectl("get", "nodes", "-o", "name");
  return names.trim().replaceAll("node/", "").split("\n").sort();
}
