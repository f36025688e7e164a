import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { running } from "@fairlead/lib/running";
import { followAddresses } from "./follow-addresses.ts";

/** A machine whose address is set by hand, and a program that runs for a known address. */
function setUp() {
  const clock = createFakeClock();
  const state = { address: "172.30.0.11", runsFor: [] as string[], starts: 0, failures: 0 };
  const started = followAddresses({
    wanted: ["172.30.0.11"],
    start: async ([address = ""]) => {
      state.starts += 1;
      if (state.failures-- > 0) throw new Error("The address is not there yet");
      state.runsFor.push(address);
      return running(async () => {
        state.runsFor.splice(state.runsFor.indexOf(address), 1);
      });
    },
    look: async () => ({
      addresses: state.address === "" ? [] : [{ address: state.address, prefixLength: 24, device: "eth0" }],
      defaultDevice: "eth0",
    }),
    log: silentLogger,
    clock,
  });
  return { clock, state, started };
}

test("a program follows its machine's address, and goes back to the wanted one", async () => {
  const { clock, state, started } = setUp();
  const program = await started;
  await clock.advance(25_000);
  assert.deepEqual([state.runsFor, state.starts], [["172.30.0.11"], 1], "nothing changes");
  state.address = "";
  await clock.advance(25_000);
  assert.deepEqual([state.runsFor, state.starts], [["172.30.0.11"], 1], "without an address it is left alone");
  state.address = "172.30.0.99";
  await clock.advance(5_000);
  assert.deepEqual(state.runsFor, ["172.30.0.99"]);
  state.address = "172.30.0.11";
  await clock.advance(5_000);
  assert.deepEqual(state.runsFor, ["172.30.0.11"]);
  await program.stop();
  assert.deepEqual(state.runsFor, []);
});

test("a program that cannot be started with the new address is tried again", async () => {
  const { clock, state, started } = setUp();
  const program = await started;
  state.address = "172.30.0.99";
  state.failures = 2;
  await clock.advance(10_000);
  assert.deepEqual(state.runsFor, []);
  await clock.advance(5_000);
  assert.deepEqual(state.runsFor, ["172.30.0.99"]);
  await program.stop();
  assert.deepEqual(state.runsFor, []);
});
