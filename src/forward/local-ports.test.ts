import assert from "node:assert/strict";
import { test } from "node:test";
import { localPorts, otherPort } from "./local-ports.ts";
import type { Target, TargetKind, WantedPort } from "./target.ts";

const declared = [
  { name: "http", number: 80 },
  { name: "", number: 443 },
];
const target = (kind: TargetKind): Target => ({ kind, namespace: "default", name: "web" });

const cases: { name: string; kind?: TargetKind; wanted: WantedPort[]; want: string }[] = [
  { name: "none is named: all that are declared", wanted: [], want: "80:80 443:443" },
  { name: "the same port", wanted: [{ local: undefined, remote: 80 }], want: "80:80" },
  { name: "a named port, at its own number", wanted: [{ local: undefined, remote: "http" }], want: "80:http" },
  { name: "another port here", wanted: [{ local: 8080, remote: "http" }], want: "8080:http" },
  { name: "any free one", wanted: [{ local: 0, remote: 443 }], want: "0:443" },
  {
    name: "a pod may serve what it does not declare",
    kind: "Pod",
    wanted: [{ local: undefined, remote: 9 }],
    want: "9:9",
  },
];
for (const { name, kind = "Service", wanted, want } of cases) {
  test(`ports of this machine: ${name}`, () => {
    const ports = localPorts(target(kind), wanted, declared);
    assert.equal(ports.map(({ local, port }) => `${local}:${port}`).join(" "), want);
  });
}

const refused: { kind: TargetKind; remote: number | string; want: RegExp }[] = [
  { kind: "Service", remote: 81, want: /service\/web: it has no TCP port 81; it has 80 \(http\), 443$/ },
  { kind: "Service", remote: "https", want: /it has no TCP port https/ },
  { kind: "Pod", remote: "https", want: /pod\/web: it has no TCP port https/ },
];
for (const { kind, remote, want } of refused) {
  test(`port ${remote} of a ${kind} that has none is refused`, () => {
    assert.throws(() => localPorts(target(kind), [{ local: 1, remote }], declared), {
      name: "ExpectedError",
      message: want,
    });
  });
}

test("where nothing is declared, a port has to be named", () => {
  assert.throws(() => localPorts(target("Pod"), [], []), { message: /it names no TCP port; name one$/ });
  assert.throws(() => localPorts(target("Service"), [{ local: 1, remote: 1 }], []), { message: /it has no TCP port$/ });
});

test("another port is a valid port", () => {
  assert.deepEqual(
    [80, 443, 1000, 5000, 8080, 64_535, 65_535].map(otherPort),
    [8080, 8443, 2000, 6000, 9080, 65_535, 64_535],
  );
});
