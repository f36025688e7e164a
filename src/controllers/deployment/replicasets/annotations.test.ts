import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, planned, replicaSet } from "../objects.testing.ts";
import { REVISION, REVISION_HISTORY } from "./annotations.ts";

type Annotations = Readonly<Record<string, string>>;

/** The annotations of the current ReplicaSet and of the Deployment after a plan, without those of sizes. */
function annotated(of: Parameters<typeof deployment>[0], sets: Parameters<typeof replicaSet>[0][]) {
  const before = deployment(of);
  const plan = planned(before, sets.map(replicaSet));
  const [change] = plan.changes;
  const present = change?.replicaSet.metadata?.annotations ?? {};
  const {
    "deployment.kubernetes.io/desired-replicas": d,
    "deployment.kubernetes.io/max-replicas": m,
    ...own
  } = present;
  return { own, sizes: [d, m], deployment: plan.deployment?.metadata.annotations };
}

test("a new ReplicaSet has the Deployment's annotations but those that are about it alone", () => {
  const kept: Annotations = {
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
    "deprecated.deployment.rollback.to": "no number",
    [REVISION]: "7",
    [REVISION_HISTORY]: "1,2",
  };
  const after = annotated({ annotations: { ...kept, "kubernetes.io/change-cause": "first", note: "" } }, []);
  assert.deepEqual(after.own, { "kubernetes.io/change-cause": "first", note: "", [REVISION]: "1" });
  assert.deepEqual(after.sizes, ["3", "4"]);
  assert.equal(after.deployment?.[REVISION], "1");
});

const table: {
  what: string;
  of: Parameters<typeof deployment>[0];
  sets: Parameters<typeof replicaSet>[0][];
  own: Annotations;
  revision: string;
}[] = [
  {
    what: "a new template is a new revision",
    of: { image: "v3" },
    sets: [
      { replicas: 3, revision: 4 },
      { image: "v2", replicas: 0, revision: 6 },
    ],
    own: { [REVISION]: "7" },
    revision: "7",
  },
  {
    what: "one that is served again remembers when it was served before",
    of: { image: "v1" },
    sets: [
      { replicas: 0, revision: 2, annotations: { [REVISION_HISTORY]: "1" } },
      { image: "v2", replicas: 3, revision: 3 },
    ],
    own: { [REVISION]: "4", [REVISION_HISTORY]: "1,2" },
    revision: "4",
  },
  {
    what: "a long history loses its beginning",
    of: { image: "v1" },
    sets: [
      { replicas: 0, revision: 2, annotations: { [REVISION_HISTORY]: `${"1".repeat(999)},${"3".repeat(999)}` } },
      { image: "v2", replicas: 3, revision: 3 },
    ],
    own: { [REVISION]: "4", [REVISION_HISTORY]: `${"3".repeat(999)},2` },
    revision: "4",
  },
  {
    what: "revisions are numbers, not texts",
    of: { image: "v1" },
    sets: [
      { replicas: 0, revision: 9 },
      { image: "v2", replicas: 3, revision: 10 },
    ],
    own: { [REVISION]: "11", [REVISION_HISTORY]: "9" },
    revision: "11",
  },
  {
    what: "a revision beyond 2^53 keeps its digits",
    of: { image: "v3" },
    sets: [
      { replicas: 3, revision: "9007199254740993", age: 1 },
      { image: "v2", replicas: 0, revision: "9007199254740992", age: 2 },
    ],
    own: { [REVISION]: "9007199254740994" },
    revision: "9007199254740994",
  },
  {
    what: "an annotation that the Deployment got is copied, and what only the ReplicaSet has stays",
    of: { annotations: { note: "new" } },
    sets: [{ replicas: 3, annotations: { note: "old", mine: "x" } }],
    own: { [REVISION]: "1", note: "new", mine: "x" },
    revision: "1",
  },
];

for (const { what, of, sets, own, revision } of table) {
  test(`annotations: ${what}`, () => {
    const after = annotated(of, sets);
    assert.deepEqual(after.own, own);
    assert.equal(after.deployment?.[REVISION], revision);
  });
}

test("the revision of the current ReplicaSet never goes down", () => {
  const after = planned(deployment({ annotations: { [REVISION]: "5" } }), [replicaSet({ replicas: 3, revision: 5 })]);
  assert.deepEqual(after.changes, []);
  assert.equal(after.deployment?.metadata.annotations?.[REVISION], "5");
});

test("a revision that is no number is left alone", () => {
  const sets = [
    replicaSet({ replicas: 3, revision: "x", age: 1 }),
    replicaSet({ image: "v2", replicas: 0, revision: "y", age: 2 }),
  ];
  assert.deepEqual(planned(deployment(), sets).changes, []);
});

test("minReadySeconds is the current ReplicaSet's too", () => {
  const [change] = planned(deployment({ minReadySeconds: 5 }), [replicaSet({ replicas: 3 })]).changes;
  assert.equal(change?.replicaSet.spec?.minReadySeconds, 5);
});
