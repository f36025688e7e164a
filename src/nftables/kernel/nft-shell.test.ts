import assert from "node:assert/strict";
import { test } from "node:test";
import { runStarved } from "@fairlead/lib/starved.testing";

/** Tries to list tables, and tells the error and how many of nft's files are open afterwards. */
const ATTEMPT = `
import { readdirSync, readlinkSync } from "node:fs";
import { createNftShell } from ${JSON.stringify(new URL("./nft-shell.ts", import.meta.url).href)};
const nft = createNftShell();
function isOpenForNft(fd) {
  try {
    return readlinkSync("/proc/self/fd/" + fd).includes("fairlead-nft-");
  } catch {
    return false; // The listing's own.
  }
}
async function attempt() {
  const { name, message, cause } = await nft.list("list tables").catch((error) => error);
  feed();
  return [name, message, cause?.code, readdirSync("/proc/self/fd").filter(isOpenForNft).length].join();
}
`;

const cases: { name: string; run: string; want: string }[] = [
  { name: "no descriptor for its file", run: "starve(0);", want: "NftError,nft cannot be started,EMFILE,0" },
  { name: "no descriptors for its pipes", run: "starve(3);", want: "NftError,nft cannot be started,EMFILE,0" },
  {
    name: "the system refuses the program itself",
    run: 'process.env.LONG = "x".repeat(200_000);',
    want: "NftError,nft cannot be started,E2BIG,0",
  },
];

for (const { name, run, want } of cases) {
  test(`an nft that cannot be started fails its caller alone, and leaves no file open: ${name}`, async () => {
    const said = await runStarved(`${ATTEMPT}${run} console.log(await attempt()); await nft.close();`);
    assert.equal(said, `${want}\n`);
  });
}
