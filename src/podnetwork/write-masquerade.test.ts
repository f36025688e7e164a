import assert from "node:assert/strict";
import { test } from "node:test";
import { NftError } from "../lib/nft-shell.ts";
import type { ClusterView } from "./cluster-view.ts";
import { createMasqueradeWriter } from "./write-masquerade.ts";

const view: ClusterView = { family: "ip", podCIDRs: ["10.244.1.0/24"], remotes: [], nodeAddresses: ["172.30.0.1"] };

test("the table is written when it should be another, when it was changed or deleted, and now and then", async () => {
  let table: string | undefined;
  let writes = 0;
  const writer = createMasqueradeWriter({
    async run() {
      writes += 1;
      table = `table ${writes}`;
    },
    async list() {
      if (table === undefined) throw new NftError("No such file or directory");
      return table;
    },
  });
  const writesAfter = async (next: ClusterView = view) => {
    await writer.apply(next);
    return writes;
  };
  assert.deepEqual([await writesAfter(), await writesAfter()], [1, 1]);
  assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 2);
  assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 2);
  table = undefined;
  assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 3);
  table = "another's";
  assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 4);
  for (let look = 0; look < 10; look++) assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 4);
  assert.equal(await writesAfter({ ...view, nodeAddresses: ["172.30.0.9"] }), 5);
});
