import assert from "node:assert/strict";
import { test } from "node:test";
import { roleOf } from "./cluster-processes.ts";

const cases: { name: string; words: readonly string[]; want: ReturnType<typeof roleOf> }[] = [
  { name: "its supervisor", words: ["node", "main.js", "supervise", "--name", "shop"], want: "supervisor" },
  { name: "another cluster's", words: ["node", "main.js", "supervise", "--name", "shop2"], want: undefined },
  { name: "its uplink", words: ["/usr/bin/slirp4netns", "/run/netns/fairlead-shop", "tap0"], want: "uplink" },
  { name: "another's uplink", words: ["slirp4netns", "/run/netns/fairlead-x-shop", "tap0"], want: undefined },
  { name: "a command that looks at the namespace", words: ["ls", "/run/netns/fairlead-shop"], want: undefined },
  { name: "a process of the kernel", words: [""], want: undefined },
];

for (const { name, words, want } of cases) {
  test(`a cluster's processes are recognized by their arguments: ${name}`, () => {
    assert.equal(roleOf(words, { name: "shop", scope: "" }), want);
  });
}
