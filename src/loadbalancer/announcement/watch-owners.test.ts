import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { startOwnerWatch } from "./watch-owners.ts";

const ADDRESS = "10.0.0.1";

function start() {
  const clock = createFakeClock();
  const state = { looks: [] as string[], owner: undefined as string | undefined, reported: [] as string[] };
  const watch = startOwnerWatch({
    kernel: {
      async otherOwner(address, device) {
        state.looks.push(`${address} ${device}`);
        return state.owner;
      },
    },
    onOther: (address, hardwareAddress) => void state.reported.push(`${address} ${hardwareAddress}`),
    log: silentLogger,
    clock,
  });
  return { clock, state, watch };
}

test("another owner is reported when it is seen twice, a moment apart", async () => {
  const { clock, state, watch } = start();
  watch.set(new Map([[ADDRESS, ["eth0"]]]));
  await clock.advance(2_000);
  assert.deepEqual(state.looks, []);
  await clock.advance(1_000);
  assert.deepEqual(state.looks, [`${ADDRESS} eth0`]);
  state.owner = "02:00:00:00:00:09";
  await clock.advance(60_000);
  assert.deepEqual(state.reported, []);
  await clock.advance(3_000);
  assert.deepEqual(state.reported, [`${ADDRESS} 02:00:00:00:00:09`]);
  await watch.stop();
});

test("a node that lets go of the address a moment later is not reported", async () => {
  const { clock, state, watch } = start();
  state.owner = "02:00:00:00:00:09";
  watch.set(new Map([[ADDRESS, ["eth0"]]]));
  await clock.advance(3_000);
  state.owner = undefined;
  await clock.advance(120_000);
  assert.deepEqual(state.reported, []);
  await watch.stop();
});

test("an address that is gone is looked for no more, and the others in turn", async () => {
  const { clock, state, watch } = start();
  watch.set(new Map(["10.0.0.1", "10.0.0.2"].map((address) => [address, ["eth0", "eth1"]])));
  await clock.advance(3_000);
  assert.deepEqual(state.looks, ["10.0.0.1 eth0", "10.0.0.1 eth1", "10.0.0.2 eth0", "10.0.0.2 eth1"]);
  watch.set(new Map([["10.0.0.2", ["eth0", "eth1"]]]));
  state.looks.length = 0;
  await clock.advance(60_000);
  assert.deepEqual(state.looks, ["10.0.0.2 eth0", "10.0.0.2 eth1"]);
  await watch.stop();
});
