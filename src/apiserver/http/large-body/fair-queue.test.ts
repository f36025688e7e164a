import assert from "node:assert/strict";
import { test } from "node:test";
import { createFairQueue } from "./fair-queue.ts";

/** `ann:3`: an item of three bytes. `-ann:3`: its removal. `>`: takes one. */
const rows: readonly { readonly name: string; readonly steps: string; readonly want: string }[] = [
  { name: "the items of one user are taken in order", steps: "ann:1 ann:2 ann:3 > > > >", want: "ann:1 ann:2 ann:3 -" },
  { name: "users take turns", steps: "ann:1 ann:2 ann:3 bob:1 > > > >", want: "ann:1 bob:1 ann:2 ann:3" },
  {
    name: "a user who comes back waits behind the others",
    steps: "ann:1 bob:1 bob:2 > ann:2 > >",
    want: "ann:1 bob:1 ann:2",
  },
  {
    name: "an item over the limit of its user is refused",
    steps: "ann:4 ann:3 bob:3 > > >",
    want: "!ann:3 ann:4 bob:3 -",
  },
  { name: "an item over the limit of all users is refused", steps: "ann:5 bob:5 eve:1", want: "!eve:1" },
  { name: "an item that was taken makes room", steps: "ann:6 > ann:5 >", want: "ann:6 ann:5" },
  {
    name: "an item that was removed makes room and is not taken",
    steps: "ann:6 bob:4 -ann:6 ann:5 > > >",
    want: "bob:4 ann:5 -",
  },
  {
    name: "the removal of an item that was taken does nothing",
    steps: "ann:5 > -ann:5 ann:6 bob:5",
    want: "ann:5 !bob:5",
  },
];

for (const { name, steps, want } of rows) {
  test(name, () => {
    const queue = createFairQueue<string>({ bytesMax: 10, userBytesMax: 6 });
    const removals = new Map<string, () => void>();
    const seen: string[] = [];
    for (const step of steps.split(" ")) {
      const [user = "", bytes] = step.split(":");
      if (step === ">") seen.push(queue.take() ?? "-");
      else if (step.startsWith("-")) removals.get(step.slice(1))?.();
      else {
        const remove = queue.add(step, user, Number(bytes));
        if (remove === undefined) seen.push(`!${step}`);
        else removals.set(step, remove);
      }
    }
    assert.equal(seen.join(" "), want);
  });
}
