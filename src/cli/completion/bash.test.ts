/** A real bash at a terminal. Other shells are tried in the lab, into which they have to be fetched. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeShellHome, startShell, TYPED, type TypedShell } from "./shell.testing.ts";

const LIMIT = { timeout: 240_000 };
const started = new AsyncDisposableStack();
let bash: TypedShell;

before(async () => {
  const { home } = started.use(await makeShellHome());
  bash = await startShell({
    home,
    command: "bash --norc --noprofile -i",
    setUp: [
      "source <(fairlead completion bash)",
      `bind -x '"\\C-t": printf "%s\\n" "$READLINE_LINE" >> "$SHOWN"'`,
      "bind 'set page-completions off'",
      "stty cols 200",
    ],
  });
  started.use(bash);
}, LIMIT);
after(() => started.disposeAsync());

for (const { keys, want } of TYPED) {
  test(`bash: ${keys}`, LIMIT, async () => {
    assert.equal(await bash.line(keys.replace("<TAB>", "\t")), want);
  });
}

/** Inserts all candidates (insert-completions). */
const all: { keys: string; want: string }[] = [
  { keys: "fairlead node ", want: "fairlead node add ls remove " },
  { keys: "fairlead ip --name shop ", want: "fairlead ip --name shop shop-1 shop-2 " },
  { keys: "fairlead up --uplink=", want: "fairlead up --uplink=none slirp4netns " },
];
for (const { keys, want } of all) {
  test(`bash: every candidate behind "${keys}"`, LIMIT, async () => {
    assert.equal(await bash.line(`${keys}\u001b*`), want);
  });
}

test("bash: the part of the word before the cursor counts", LIMIT, async () => {
  assert.equal(await bash.line("fairlead statx\u0002\t"), "fairlead statusx");
});

test("bash: a second TAB lists what there is, with meanings", LIMIT, async () => {
  await bash.line("fairlead image \t\t");
  assert.match(bash.shown(), /load {3}\(Load image archives into every node\)/);
});

test("bash: nothing but candidates was ever shown", () => {
  assert.doesNotMatch(bash.shown(), /rror|annot|command not found|Warning/);
});
