import assert from "node:assert/strict";
import { test } from "node:test";
import { NftError } from "@fairlead/nftables/kernel/nft-error";
import type { ClusterView } from "./cluster-view.ts";
import { createMasqueradeWriter } from "./write-masquerade.ts";

const view: ClusterView = { family: "ip", podCIDRs: ["10.244.1.0/24"], remotes: [], nodeAddresses: ["172.30.0.1"] };

/** An nft that knows one table. What it lists has a handle, which a table that was made again does not share. */
function fakeNft() {
  let handle = 0;
  const nft = {
    table: undefined as string | undefined,
    writes: [] as ("made" | "updated" | "replaced")[],
    async run(commands: readonly string[]) {
      const isMade = commands.some((command) => command.startsWith("add chain"));
      const isDeleted = commands.some((command) => command.startsWith("delete table"));
      if (isMade && !isDeleted && nft.table !== undefined) throw new NftError("the rule would be there twice");
      if (!isMade && nft.table === undefined) throw new NftError("No such file or directory");
      if (isMade) nft.table = `table ${++handle}`;
      nft.writes.push(isDeleted ? "replaced" : isMade ? "made" : "updated");
    },
    async list() {
      if (nft.table === undefined) throw new NftError("No such file or directory");
      return nft.table;
    },
  };
  return nft;
}

test("the table is made, updated in place, and replaced only when it is not as it was written", async () => {
  const nft = fakeNft();
  const writer = createMasqueradeWriter(nft);
  const other = { ...view, nodeAddresses: ["172.30.0.9"] };
  const writesAfter = async (next: ClusterView) => {
    nft.writes.length = 0;
    await writer.apply(next);
    return nft.writes;
  };
  assert.deepEqual(await writesAfter(view), ["made"]);
  assert.deepEqual(await writesAfter(view), []);
  assert.deepEqual(await writesAfter(other), ["updated"]);
  assert.deepEqual(await writesAfter(other), []);
  nft.table = undefined;
  assert.deepEqual(await writesAfter(other), ["made"]);
  nft.table = "another's";
  assert.deepEqual(await writesAfter(other), ["replaced"]);
  nft.table = "another's";
  assert.deepEqual(await writesAfter(view), ["replaced"]);
  for (let look = 0; look < 10; look++) assert.deepEqual(await writesAfter(view), []);
  assert.deepEqual(await writesAfter(view), ["updated"]);
});

test("a table of an earlier run is replaced, and what was refused is written again", async () => {
  const nft = fakeNft();
  nft.table = "an earlier run's";
  const writer = createMasqueradeWriter(nft);
  await writer.apply(view);
  assert.deepEqual(nft.writes, ["replaced"]);
  const { run } = nft;
  nft.run = async () => {
    throw new NftError("refused");
  };
  await assert.rejects(writer.apply({ ...view, nodeAddresses: [] }), /refused/);
  nft.run = run;
  await writer.apply({ ...view, nodeAddresses: [] });
  assert.deepEqual(nft.writes, ["replaced", "replaced"]);
});
