import assert from "node:assert/strict";
import { test } from "node:test";
import { waitFor } from "./wait-for.ts";

test("the wait is over when nothing is in the way any more", async () => {
  const problems = ["first", "second", undefined];
  await waitFor("it", () => problems.shift(), new AbortController().signal);
  assert.deepEqual(problems, []);
});

test("a wait that times out says what it was for and what was in the way last", async () => {
  const signal = AbortSignal.timeout(30);
  await assert.rejects(
    waitFor("nodes Ready", async () => "fairlead-2 not Ready", signal),
    { name: "ExpectedError", message: "Timed out waiting for nodes Ready: fairlead-2 not Ready" },
  );
});

test("a condition that holds already is found even after the deadline", async () => {
  await waitFor("it", () => undefined, AbortSignal.abort());
});

test("a look that never ends does not keep the wait from ending", async () => {
  const looks: (string | Promise<undefined>)[] = ["the API server is away", new Promise(() => {})];
  await assert.rejects(
    waitFor("nodes Ready", () => looks.shift(), AbortSignal.timeout(30)),
    { message: "Timed out waiting for nodes Ready: the API server is away" },
  );
  await assert.rejects(
    waitFor("the API server", () => new Promise(() => {}), AbortSignal.abort()),
    { message: "Timed out waiting for the API server: there was no answer in time" },
  );
});

test("an error ends the wait", async () => {
  const failed = Promise.reject(new Error("the machine failed"));
  await assert.rejects(
    waitFor("it", () => failed, new AbortController().signal),
    /the machine failed/,
  );
});

const explanations: { name: string; explain: () => Promise<string | undefined>; want: string }[] = [
  { name: "a detailed one", explain: async () => "web-1: c: ErrImagePull", want: "web-1: c: ErrImagePull" },
  { name: "none", explain: async () => undefined, want: "web-1 not Ready" },
  { name: "one that fails", explain: () => Promise.reject(new Error("gone")), want: "web-1 not Ready" },
];
for (const { name, explain, want } of explanations) {
  test(`a wait that times out is explained by the detailed reason or the last problem: ${name}`, async () => {
    const over = new AbortController();
    const problem = () => {
      over.abort();
      return "web-1 not Ready";
    };
    await assert.rejects(waitFor("pods to become Ready", problem, over.signal, { explain }), {
      message: `Timed out waiting for pods to become Ready: ${want}`,
    });
  });
}

test("a look follows each time it is worth one, also what happened during the look", async () => {
  const wakeUps: (() => void)[] = [];
  const next = () => new Promise<void>((resolve) => wakeUps.push(resolve));
  const problems = ["first", "second", undefined];
  const looked: number[] = [];
  const problem = () => {
    looked.push(wakeUps.length);
    wakeUps.at(-1)?.();
    return problems.shift();
  };
  await waitFor("it", problem, new AbortController().signal, { next });
  assert.deepEqual(looked, [1, 2, 3]);
});
