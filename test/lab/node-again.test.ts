/** A Node that is deleted while its machine runs: the kubelet registers again, and everything of the node follows. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const LIMIT = { timeout: 240_000 };
const NODE = "fairlead-2";

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2"]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("a Node that was deleted gets its lease and its DNS server's slice back, as the new Node's", LIMIT, async () => {
    const uidOf = async () => {
      const { exitCode, stdout } = await lab.run("kubectl", ["get", "node", NODE, "-o", "jsonpath={.metadata.uid}"]);
      return exitCode === 0 ? stdout : undefined;
    };
    const ownerOf = async (...object: string[]) => {
      const path = ["-o", "jsonpath={.metadata.ownerReferences[0].uid}"];
      const { exitCode, stdout } = await lab.run("kubectl", ["get", ...object, ...path]);
      return exitCode === 0 ? stdout : undefined;
    };
    const first = await uidOf();
    await lab.kubectl("delete", "node", NODE);
    const isAnother = (uid: string | undefined) => (uid !== undefined && uid !== first ? uid : undefined);
    const second = await until("the Node again", async () => isAnother(await uidOf()), 90_000);
    for (const object of [
      ["lease", NODE, "-n", "kube-node-lease"],
      ["endpointslice", `kube-dns-${NODE}`, "-n", "kube-system"],
    ]) {
      await until(
        `${object[0]} of the new Node`,
        async () => ((await ownerOf(...object)) === second ? true : undefined),
        60_000,
      );
    }
    await lab.kubectl("wait", "--for=condition=Ready", `node/${NODE}`, "--timeout=60s");
    assert.notEqual(first, second);
  });
}
