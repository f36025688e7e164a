import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, planned, replicaSet, said } from "../objects.testing.ts";
import { REVISION, ROLLBACK_TO } from "../replicasets/annotations.ts";

const sets = [
  replicaSet({ image: "v1", replicas: 0, revision: 1, annotations: { note: "first" } }),
  replicaSet({ image: "v2", replicas: 0, revision: 2 }),
  replicaSet({ image: "v3", replicas: 3, revision: 3, annotations: { note: "third" } }),
];

const table: { to: string; want: string; image: string }[] = [
  { to: "1", want: 'Normal DeploymentRollback: Rolled back deployment "web" to revision 1', image: "v1" },
  { to: "0", want: 'Normal DeploymentRollback: Rolled back deployment "web" to revision 2', image: "v2" },
  {
    to: "9",
    want: "Warning DeploymentRollbackRevisionNotFound: Unable to find the revision to rollback to.",
    image: "v3",
  },
  {
    to: "3",
    want: 'Warning DeploymentRollbackTemplateUnchanged: The rollback revision contains the same template as current deployment "web"',
    image: "v3",
  },
];

for (const { to, want, image } of table) {
  test(`rollBack: to ${to}`, () => {
    const asking = deployment({ image: "v3", annotations: { [ROLLBACK_TO]: to, [REVISION]: "3", note: "third" } });
    const plan = planned(asking, sets);
    assert.deepEqual(said(plan), []);
    assert.equal(plan.deployment, undefined);
    const { deployment: after, event } = plan.rollBack ?? {};
    assert.equal(`${event?.type} ${event?.reason}: ${event?.message}`, want);
    assert.equal(after?.spec.template.spec.containers[0]?.image, image);
    assert.deepEqual(after.spec.template.metadata.labels, { app: "web" });
    assert.equal(after.metadata.annotations?.[ROLLBACK_TO], undefined);
    assert.equal(after.metadata.annotations?.[REVISION], "3");
    const note = image === "v1" ? "first" : image === "v2" ? undefined : "third";
    assert.equal(after.metadata.annotations?.note, note);
  });
}

test("rollBack: the last revision of a Deployment that has but one", () => {
  const plan = planned(deployment({ annotations: { [ROLLBACK_TO]: "0" } }), [replicaSet({ replicas: 3 })]);
  assert.equal(plan.rollBack?.event.message, "Unable to find last revision.");
});

test("rollBack: the last revision is no negative one", () => {
  const odd = [
    replicaSet({ image: "v1", replicas: 0, revision: -3 }),
    replicaSet({ image: "v2", replicas: 3, revision: 5 }),
  ];
  const plan = planned(deployment({ image: "v2", annotations: { [ROLLBACK_TO]: "0" } }), odd);
  assert.equal(plan.rollBack?.event.message, "Unable to find last revision.");
});

test("rollBack: the last revision when the next has not even begun", () => {
  const plan = planned(deployment({ image: "v4", annotations: { [ROLLBACK_TO]: "0" } }), sets);
  assert.deepEqual(said(plan), ["create 1"]);
  assert.equal(plan.rollBack?.deployment.spec.template.spec.containers[0]?.image, "v3");
});

test("rollBack: not while it is paused, and not to what is no number", () => {
  const paused = deployment({ image: "v3", paused: true, annotations: { [ROLLBACK_TO]: "1" } });
  assert.equal(planned(paused, sets).rollBack, undefined);
  const wrong = deployment({ image: "v3", annotations: { [ROLLBACK_TO]: "one", note: "third" } });
  assert.equal(planned(wrong, sets).rollBack, undefined);
});
