import assert from "node:assert/strict";
import { test } from "node:test";
import { testClusterConfig } from "../cluster.testing.ts";
import { type Leftovers, overviewOf } from "./overview.ts";
import type { ClusterStatus, MachineStatus } from "./status.ts";

const server = {
  name: "shop-1/server",
  state: "running",
  pid: 7,
  restarts: 0,
  lastEnd: "",
  logFile: "/var/log/shop-1-server.log",
} as const;
const machine: MachineStatus = {
  name: "shop-1",
  address: "192.0.2.11",
  state: "running",
  pid: 5,
  restarts: 0,
  problem: "",
  programs: [server],
};
const supervised = (more: Partial<MachineStatus>): ClusterStatus => ({
  name: "shop",
  pid: 3,
  machines: [{ ...machine, ...more }],
  programs: [],
});
const left = { name: "shop-1/server", pid: 7, runs: true };

const cases: { name: string; found: ClusterStatus | Leftovers; state: string; programs: string[]; advice: RegExp }[] = [
  { name: "everything runs", found: supervised({}), state: "running", programs: ["running"], advice: /^$/ },
  {
    name: "a program waits to be started again",
    found: supervised({ programs: [{ ...server, state: "waiting", pid: undefined }] }),
    state: "degraded",
    programs: ["waiting"],
    advice: /^shop-1\/server is started again .*"fairlead logs shop-1\/server --name shop" tells why$/,
  },
  {
    name: "a machine cannot be started",
    found: supervised({ state: "failed", problem: "no space left", programs: [] }),
    state: "degraded",
    programs: [],
    advice: /^Machine shop-1 is failed: no space left$/,
  },
  {
    name: "a machine is being started",
    found: supervised({ state: "starting", programs: [] }),
    state: "degraded",
    programs: [],
    advice: /^Machine shop-1 is starting$/,
  },
  {
    name: "the supervisor was killed",
    found: { machinesRun: true, programs: [left, { ...left, name: "shop-1/node", runs: false }] },
    state: "unsupervised",
    programs: ["running", "ended"],
    advice: /supervisor has ended: .*not started again.*\n"fairlead up --name shop" starts another supervisor/,
  },
  {
    name: "the machine was restarted",
    found: { machinesRun: false, programs: [{ ...left, runs: false }] },
    state: "stopped",
    programs: [],
    advice: /^Nothing of it runs.*"fairlead up --name shop" starts it with what it has stored$/,
  },
];
for (const { name, found, state, programs, advice } of cases) {
  test(`overview: ${name}`, () => {
    const overview = overviewOf(testClusterConfig({ name: "shop" }), found);
    assert.equal(overview.state, state);
    assert.deepEqual(
      overview.programs.map((program) => program.state),
      programs,
    );
    assert.match(overview.advice.join("\n"), advice);
  });
}
