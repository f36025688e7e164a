/** The long-lived nft, with the kernel's own answers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { NftError } from "../../src/nftables/kernel/nft-error.ts";
import { createNftShell } from "../../src/nftables/kernel/nft-shell.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  const chains = () => {
    const printed = execFileSync("nft", ["-j", "list", "chains"], { encoding: "utf8" });
    const { nftables } = JSON.parse(printed) as { nftables: { chain?: { name: string } }[] };
    return nftables.flatMap(({ chain }) => chain?.name ?? []).sort();
  };
  /** Processes of nft that this one has started. */
  const shells = () => {
    const pids = execFileSync("pgrep", ["--exact", "nft"], { encoding: "utf8" });
    return pids.trim().split("\n").map(Number);
  };

  /** What this process has open for nft. */
  const openFiles = () => {
    const links = readdirSync("/proc/self/fd").map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return ""; // The listing's own.
      }
    });
    return links.filter((link) => link.includes("fairlead-nft-"));
  };

  test("commands are one transaction, whatever their length", { timeout: 60_000 }, async () => {
    await using nft = createNftShell();
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => `add chain ip t ${prefix}${String(i).padStart(4, "0")}`);
    await nft.run(["add table ip t", ...many("a", 500)]);
    assert.equal(chains().length, 500);
    // Shorter than the one before: nothing of that is run again.
    await nft.run(["flush table ip t", "delete chain ip t a0000"]);
    assert.equal(chains().length, 499);
    // Longer than what the shell takes.
    await nft.run(many("b", 4_000));
    assert.equal(chains().length, 4_499);

    const refused = nft.run(["delete table ip t", "add chain ip nowhere c"]);
    await assert.rejects(refused, (error: unknown) => {
      return (
        error instanceof NftError && /refused 2 commands: .*Error: .*No such file or directory/.test(error.message)
      );
    });
    assert.equal(chains().length, 4_499);
    await assert.rejects(nft.run(["add nonsense"]), /Error: syntax error/);
  });

  test("commands and lists from several callers are answered in order", { timeout: 60_000 }, async () => {
    await using nft = createNftShell();
    const names = Array.from({ length: 20 }, (_, i) => `u${i}`);
    const listed = names.map(async (name) => {
      const made = nft.run([`add table ip ${name}`]);
      const list = nft.list(`list table ip ${name}`);
      await made;
      return await list;
    });
    for (const [i, text] of (await Promise.all(listed)).entries()) assert.match(text, new RegExp(`"u${i}"`));
    await assert.rejects(nft.list("list table ip nowhere"), NftError);
  });

  test("an nft that was killed is started again; its file has no name, and is closed", {
    timeout: 60_000,
  }, async () => {
    const nft = createNftShell();
    await nft.run(["add table ip v"]);
    assert.match(openFiles().join(), /^[^,]* \(deleted\)$/);
    for (const pid of shells()) process.kill(pid, "SIGKILL");
    // May fail: it may have been written to the one that was killed.
    await nft.run(["add table ip v1"]).catch((error: unknown) => assert.ok(error instanceof NftError));
    await nft.run(["add table ip v2"]);
    assert.match(await nft.list("list tables"), /"v2"/);
    assert.equal(openFiles().length, 1);
    await nft.close();
    assert.deepEqual(openFiles(), []);
  });
}
