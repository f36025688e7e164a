/** Deployments as people handle them with kubectl: made, changed, undone, paused, scaled, failed and deleted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";
/** Ends at once on SIGTERM. */
const IDLE = ["sh", "-c", "trap exit TERM; sleep infinity & wait"];
const LIMIT = { timeout: 240_000 };

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2"]);
  }, LIMIT);
  after(() => lab?.[Symbol.asyncDispose](), LIMIT);

  const deploy = (name: string, replicas: number) =>
    lab.kubectl("create", "deployment", name, "--image", IMAGE, "--replicas", String(replicas), "--", ...IDLE);
  const rolledOut = (name: string) => lab.kubectl("rollout", "status", "deployment", name, "--timeout=120s");
  /** What a JSONPath finds in `what`, as one would write it after `kubectl get`. */
  const words = async (what: string, path: string) =>
    (await lab.kubectl("get", ...what.split(" "), "-o", `jsonpath=${path}`)).split(" ").filter((word) => word !== "");
  const podsOf = (name: string) => words(`pods -l app=${name}`, "{.items[*].metadata.name}");

  test("a Deployment is created, and rollout status waits for it", LIMIT, async () => {
    await deploy("web", 3);
    assert.match(await rolledOut("web"), /deployment "web" successfully rolled out/);
    const [header, row] = (await lab.kubectl("get", "deployment", "web")).trim().split("\n");
    assert.match(header ?? "", /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE$/);
    assert.match(row ?? "", /^web +3\/3 +3 +3 +\d+s$/);
    const description = await lab.kubectl("describe", "deployment", "web");
    assert.match(description, /Replicas: +3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable/);
    assert.match(description, /Available +True +MinimumReplicasAvailable/);
    assert.match(description, /Progressing +True +NewReplicaSetAvailable/);
    assert.match(description, /deployment-controller +Scaled up replica set web-\w+ from 0 to 3/);
  });

  test("a new template is rolled out, listed in the history, and undone", LIMIT, async () => {
    const revisions = async () =>
      (await lab.kubectl("rollout", "history", "deployment", "web"))
        .trim()
        .split("\n")
        .slice(2)
        .map((line) => line.replace(/\s+/, " "));
    await lab.kubectl("annotate", "deployment", "web", "kubernetes.io/change-cause=first");
    await lab.kubectl("patch", "deployment", "web", "-p", change("blue", "second"));
    await rolledOut("web");
    assert.deepEqual(await revisions(), ["1 first", "2 second"]);

    await lab.kubectl("rollout", "undo", "deployment", "web");
    await rolledOut("web");
    assert.deepEqual(await revisions(), ["2 second", "3 first"]);
    const annotations = await lab.kubectl("get", "deployment", "web", "-o", "jsonpath={.metadata.annotations}");
    assert.deepEqual(JSON.parse(annotations), {
      "deployment.kubernetes.io/revision": "3",
      "kubernetes.io/change-cause": "first",
    });

    await lab.kubectl("rollout", "undo", "deployment", "web", "--to-revision=2");
    await rolledOut("web");
    assert.match(await lab.kubectl("rollout", "history", "deployment", "web", "--revision=4"), /COLOR:\s+blue/);
    await assert.rejects(
      lab.kubectl("rollout", "undo", "deployment", "web", "--to-revision=9"),
      /unable to find specified revision 9 in history/,
    );
  });

  test("a paused one is scaled but not rolled out; resumed, it is", LIMIT, async () => {
    await lab.kubectl("rollout", "pause", "deployment", "web");
    await lab.kubectl("set", "env", "deployment", "web", "COLOR=green");
    await lab.kubectl("scale", "deployment", "web", "--replicas=4");
    await until("four pods", async () =>
      (await words("deployment/web", "{.status.availableReplicas}"))[0] === "4" ? true : undefined,
    );
    const colors = () => words("pods -l app=web", "{.items[*].spec.containers[0].env[0].value}");
    assert.deepEqual(new Set(await colors()), new Set(["blue"]));
    await lab.kubectl("rollout", "resume", "deployment", "web");
    await rolledOut("web");
    await until("old pods to go", async () => ((await podsOf("web")).length === 4 ? true : undefined));
    assert.deepEqual(await colors(), ["green", "green", "green", "green"]);
  });

  test("restart replaces every pod", LIMIT, async () => {
    const old = await podsOf("web");
    await lab.kubectl("rollout", "restart", "deployment", "web");
    await rolledOut("web");
    await until("old pods to go", async () => {
      const now = await podsOf("web");
      return now.length === 4 && now.every((pod) => !old.includes(pod)) ? true : undefined;
    });
  });

  test("a rollout that gets nowhere fails, keeps enough pods, and is undone", LIMIT, async () => {
    await lab.kubectl("patch", "deployment", "web", "-p", '{"spec":{"progressDeadlineSeconds":3}}');
    await lab.kubectl("set", "image", "deployment/web", "tools=registry.fairlead.local/missing:1");
    await assert.rejects(rolledOut("web"), /deployment "web" exceeded its progress deadline/);
    const [available] = await words("deployment/web", "{.status.availableReplicas}");
    assert.equal(available, "3");
    const progressing = '{.status.conditions[?(@.type=="Progressing")].message}';
    assert.match(
      (await words("deployment/web", progressing)).join(" "),
      /^ReplicaSet "web-\w+" has timed out progressing\.$/,
    );
    await lab.kubectl("rollout", "undo", "deployment", "web");
    await rolledOut("web");
  });

  test("deleted with orphans its pods stay, and another of its name takes them over", LIMIT, async () => {
    const pods = await until("no others", async () => {
      const now = await podsOf("web");
      return now.length === 4 ? now : undefined;
    });
    const template = JSON.parse(await lab.kubectl("get", "deployment", "web", "-o", "json"));
    await lab.kubectl("delete", "deployment", "web", "--cascade=orphan");
    const owners = await words("replicasets -l app=web", "{.items[*].metadata.ownerReferences[*].kind}");
    assert.deepEqual(owners, []);
    const { spec } = template;
    const again = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "again" }, spec };
    const { exitCode, stderr } = await lab.run("kubectl", ["create", "-f", "-"], { input: JSON.stringify(again) });
    assert.equal(exitCode, 0, stderr);
    await rolledOut("again");
    assert.deepEqual(await podsOf("web"), pods);
  });

  test("deleted, it takes all that it made with it", LIMIT, async () => {
    await lab.kubectl("delete", "deployment", "again");
    await until("ReplicaSets and pods to go", async () =>
      (await lab.kubectl("get", "replicasets,pods", "-o", "name")) === "" ? true : undefined,
    );
  });

  test("recreating never runs two versions at a time", LIMIT, async () => {
    await deploy("one", 2);
    await rolledOut("one");
    await lab.kubectl(
      "patch",
      "deployment",
      "one",
      "-p",
      '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}',
    );
    await lab.kubectl("set", "env", "deployment", "one", "COLOR=red");
    await rolledOut("one");
    const events = await lab.kubectl(
      "get",
      "events",
      "--sort-by=.metadata.creationTimestamp",
      "--field-selector=involvedObject.name=one",
    );
    const scaled = [...events.matchAll(/Scaled (up|down) replica set \S+ from (\d) to (\d)/g)].map((m) =>
      m.slice(1).join(" "),
    );
    assert.deepEqual(scaled, ["up 0 2", "down 2 0", "up 0 2"]);
  });
}

/** A merge patch for another color and the reason for it. */
function change(color: string, cause: string): string {
  const container = { name: "tools", env: [{ name: "COLOR", value: color }] };
  return JSON.stringify({
    metadata: { annotations: { "kubernetes.io/change-cause": cause } },
    spec: { template: { spec: { containers: [container] } } },
  });
}
