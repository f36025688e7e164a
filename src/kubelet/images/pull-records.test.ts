import assert from "node:assert/strict";
import { test } from "node:test";
import { mayUse, type PullRecord, withAccess } from "./pull-records.ts";
import type { PullSecret } from "./pull-secrets.ts";

const HUB = "docker.io/library/app";
const secret = (name: string, credentialHash = "right"): PullSecret => ({
  uid: `uid-${name}`,
  namespace: "default",
  name,
  credentialHash,
});
const empty: PullRecord = { imageRef: "sha256:1", credentialMapping: {} };
const bySecret = withAccess(empty, HUB, secret("a"));

const cases: {
  name: string;
  record: PullRecord;
  repository?: string;
  secrets: PullSecret[];
  want: ReturnType<typeof mayUse>;
}[] = [
  { name: "nobody knows by whom it came", record: empty, secrets: [secret("a")], want: { allowed: false } },
  { name: "it came without a secret", record: withAccess(empty, HUB, undefined), secrets: [], want: { allowed: true } },
  {
    name: "it came without a secret, but from elsewhere",
    record: withAccess(empty, HUB, undefined),
    repository: "registry.example/app",
    secrets: [],
    want: { allowed: false },
  },
  { name: "no secret is shown", record: bySecret, secrets: [], want: { allowed: false } },
  { name: "the same secret", record: bySecret, secrets: [secret("b", "wrong"), secret("a")], want: { allowed: true } },
  {
    name: "another secret with the same password",
    record: bySecret,
    secrets: [secret("b")],
    want: { allowed: true, learned: secret("b") },
  },
  {
    name: "the same secret with a new password",
    record: bySecret,
    secrets: [secret("a", "new")],
    want: { allowed: true, learned: secret("a", "new") },
  },
  {
    name: "another secret with another password",
    record: bySecret,
    secrets: [secret("b", "x")],
    want: { allowed: false },
  },
];
for (const { name, record, repository = HUB, secrets, want } of cases) {
  test(`mayUse: ${name}`, () => assert.deepEqual(mayUse(record, repository, secrets), want));
}

test("what is known already changes nothing", () => {
  assert.equal(withAccess(bySecret, HUB, secret("a")), bySecret);
  const everybody = withAccess(bySecret, HUB, undefined);
  assert.deepEqual(everybody.credentialMapping, { [HUB]: { nodePodsAccessible: true } });
  assert.equal(withAccess(everybody, HUB, secret("b")), everybody, "everybody stays everybody");
});

test("a secret's new password takes the place of the old one", () => {
  const changed = withAccess(withAccess(bySecret, HUB, secret("b")), HUB, secret("a", "new"));
  assert.deepEqual(changed.credentialMapping, { [HUB]: { kubernetesSecrets: [secret("b"), secret("a", "new")] } });
});

test("not more secrets are learned than upstream notes", () => {
  let record = empty;
  for (let i = 0; i < 100; i++) record = withAccess(record, HUB, secret(`s${i}`));
  assert.deepEqual(mayUse(record, HUB, [secret("more")]), { allowed: true });
});
