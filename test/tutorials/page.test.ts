import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePage, type Step } from "./page.testing.ts";

const cases: { name: string; block: string[]; want: string[] }[] = [
  { name: "a command that prints nothing", block: ["$ true"], want: ["4 $ true"] },
  {
    name: "commands and what they print",
    block: ["$ kubectl get svc", "NAME   TYPE", "quiz   ClusterIP", "", "$ true"],
    want: ["4 $ kubectl get svc | NAME   TYPE | quiz   ClusterIP", "8 $ true"],
  },
  {
    name: "lines left out stand for nothing",
    block: ["$ seq 9", "1", "...", "  ...", "9"],
    want: ["4 $ seq 9 | 1 | 9"],
  },
  {
    name: "a document that is typed line by line",
    block: ["$ cat <<EOF", "> a:", ">   b: 1", ">", "> EOF", "a:", "> quoted"],
    want: ["4 $ cat <<EOF⏎a:⏎  b: 1⏎⏎EOF | a: | > quoted"],
  },
  {
    name: "a shell inside a container, whatever its prompt",
    block: [
      "$ kubectl exec -it a -- sh",
      "/ # hostname",
      "a",
      "~ # id",
      "/etc # pwd",
      "bash-5.2# pwd",
      "root@a:/# pwd",
      "[root@a /]# exit",
    ],
    want: [
      "4 $ kubectl exec -it a -- sh",
      "5 / # hostname | a",
      "7 ~ # id",
      "8 /etc # pwd",
      "9 bash-5.2# pwd",
      "10 root@a:/# pwd",
      "11 [root@a /]# exit",
    ],
  },
  {
    name: "what a program asks, and what is typed for an answer",
    block: ["$ ask", "-- Enter Load Balancer Start IP: 172.30.0.11", "-- Enter", "-- Enter a name: b", "done"],
    want: ["4 $ ask", "5 -- Enter Load Balancer Start IP: 172.30.0.11 | -- Enter", "7 -- Enter a name: b | done"],
  },
  {
    name: "what goes on until it is interrupted",
    block: ["$ kubectl get pods -w", "NAME", "^C", "$ true"],
    want: ["4 $ kubectl get pods -w | NAME ^C", "7 $ true"],
  },
  {
    name: "what only looks like a prompt is printed",
    block: ["$ cat f", "# comment", "$", "a # b", "$5"],
    want: ["4 $ cat f | # comment | $ | a # b | $5"],
  },
];

for (const { name, block, want } of cases) {
  test(`parsePage: ${name}`, () => {
    const { sections } = parsePage(["# T", "## S", "```console", ...block, "```"].join("\n"));
    assert.deepEqual(sections[0]?.steps.map(format), want);
  });
}

test("parsePage: steps belong to the heading above them, and headings without steps are left out", () => {
  const page = parsePage(
    ["## A", "text", "## B", "```console", "$ one", "## no heading", "```", "### C", "```console", "$ two", "```"].join(
      "\n",
    ),
  );
  assert.deepEqual(
    page.sections.map(({ heading, steps }) => [heading, ...steps.map(({ typed }) => typed)]),
    [["B", "one", "two"]],
  );
});

test("parsePage: a step knows what the page has shown before it", () => {
  const page = parsePage(
    ["## A", "```yaml", "nodePort: 31000", "```", "```console", "$ one", "$ two", "```"].join("\n"),
  );
  assert.deepEqual(
    page.sections[0]?.steps.map(({ shown }) => shown),
    ["nodePort: 31000", ""],
  );
  assert.deepEqual(page.manifests, ["nodePort: 31000"]);
  assert.deepEqual(page.transcripts, ["$ one\n$ two"]);
});

const refused: { name: string; markdown: string[]; message: RegExp }[] = [
  { name: "a block that is not closed", markdown: ["## A", "```console", "$ one"], message: /^line 2: .*not closed$/ },
  { name: "a block without a prompt", markdown: ["## A", "```console", "one", "```"], message: /^line 3: .*"one"$/ },
  {
    name: "a block before any heading",
    markdown: ["# T", "```console", "$ one", "```"],
    message: /^line 2: .*heading$/,
  },
  {
    name: "output after an interrupt",
    markdown: ["## A", "```console", "$ one", "^C", "two", "```"],
    message: /^line 5: .*"two"$/,
  },
];

for (const { name, markdown, message } of refused) {
  test(`parsePage refuses ${name}`, () => {
    assert.throws(() => parsePage(markdown.join("\n")), { message });
  });
}

/** `line prompt typed | printed | printed`, with `^C` where it is interrupted. */
function format({ line, prompt, typed, printed, interrupted }: Step): string {
  const what = [typed.replaceAll("\n", "⏎"), ...printed].join(" | ");
  return `${line} ${prompt} ${what}${interrupted ? " ^C" : ""}`;
}
