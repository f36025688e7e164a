import assert from "node:assert/strict";
import { test } from "node:test";
import { imageCacheFolder, stateFolder, stateHome } from "./state-folder.ts";

const home = { state: "/s", run: "/r", scope: "" };

const names: { name: string; given: string; ok: boolean }[] = [
  { name: "one letter", given: "a", ok: true },
  { name: "letters, digits and dashes", given: "shop-2-b", ok: true },
  { name: "21 characters", given: "a".repeat(21), ok: true },
  { name: "22 characters, too long for a host name with a number", given: "a".repeat(22), ok: false },
  { name: "nothing", given: "", ok: false },
  { name: "a digit first", given: "2shop", ok: false },
  { name: "a dash last", given: "shop-", ok: false },
  { name: "capitals", given: "Shop", ok: false },
  { name: "a way out of the folder", given: "../shop", ok: false },
  { name: "a line feed at the end", given: "shop\n", ok: false },
];
for (const { name, given, ok } of names) {
  test(`a cluster ${ok ? "can" : "cannot"} have a name of ${name}`, () => {
    if (ok) assert.equal(stateFolder(given, home).name, given);
    else assert.throws(() => stateFolder(given, home), { name: "ExpectedError", message: /^Cannot name a cluster/ });
  });
}

test("what survives a reboot lies apart from what does not", () => {
  const folder = stateFolder("shop", home);
  assert.deepEqual(
    [folder.config, folder.journal, folder.supervisorSocket, folder.machine("shop-1").runtimeSocket],
    [
      "/s/clusters/shop/cluster.json",
      "/s/clusters/shop/journal.jsonl",
      "/r/shop/supervisor.sock",
      "/r/shop/shop-1/containerd.sock",
    ],
  );
});

test("the longest names still make socket paths that the kernel takes", () => {
  const SOCKET_PATH_MAX = 107; // sockaddr_un.sun_path, less its end (unix(7))
  const folder = stateFolder("a".repeat(21), stateHome({}));
  const socket = folder.machine(`${"a".repeat(21)}-189`).runtimeSocket;
  assert.ok(socket.length <= SOCKET_PATH_MAX, `${socket} has ${socket.length} characters`);
});

const homes: { name: string; env: NodeJS.ProcessEnv; want: string }[] = [
  { name: "by default", env: {}, want: "/var/lib/fairlead /run/fairlead" },
  { name: "with an empty FAIRLEAD_HOME", env: { FAIRLEAD_HOME: "" }, want: "/var/lib/fairlead /run/fairlead" },
  { name: "with FAIRLEAD_HOME", env: { FAIRLEAD_HOME: "/tmp/a" }, want: "/tmp/a/state /tmp/a/run" },
];
for (const { name, env, want } of homes) {
  test(`stateHome ${name}`, () => {
    const { state, run } = stateHome(env);
    assert.equal(`${state} ${run}`, want);
  });
}

test("images are kept for all clusters together", () => {
  assert.equal(imageCacheFolder(home), "/s/cache/images");
});
