import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { parse } from "yaml";
import { withContext, withoutContext } from "./edit-kubeconfig.ts";
import { currentContext, kubeconfigContext } from "./kubeconfig.ts";
import { editKubeconfigFile } from "./kubeconfig-file.ts";
import { kubeconfigTransport } from "./kubeconfig-transport.ts";
import { kubeconfigJson } from "./new-context.ts";

const foreign = `# work
apiVersion: v1
kind: Config
current-context: work
clusters:
- name: work # the real one
  cluster:
    server: https://work.example
users:
- name: me
  user: {token: secret}
contexts:
- name: work
  context: {cluster: work, user: me, namespace: team}
- name: lost
  context: {cluster: nowhere, user: me}
extension: kept
`;
const quote = {
  name: "quote",
  server: "https://127.0.0.1:6443",
  ca: "CA",
  clientCertificate: "CERT",
  clientKey: "KEY",
};

test("a context added to an empty file is all there is", () => {
  assert.equal(
    withContext("", quote),
    `apiVersion: v1
kind: Config
clusters:
- name: quote
  cluster:
    certificate-authority-data: Q0E=
    server: https://127.0.0.1:6443
users:
- name: quote
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
contexts:
- name: quote
  context:
    cluster: quote
    user: quote
current-context: quote
`,
  );
});

test("others' contexts and comments stay, and come back into use", async () => {
  const added = withContext(foreign, quote);
  assert.equal(await currentContext(added), "quote");
  assert.equal(withContext(added, quote), added, "adding it twice is adding it once");
  assert.match(added, /# the real one/);
  assert.equal((await kubeconfigContext(added, "work")).namespace, "team");
  assert.equal(withoutContext(added, "quote", { previous: "work" }), foreign.replaceAll(/\{(\S.*\S)\}/g, "{ $1 }"));
});

const contextsLeft: { name: string; previous: string | undefined; current: string; want: string | undefined }[] = [
  { name: "the previous one is selected again", previous: "work", current: "quote", want: "work" },
  { name: "a previous one that is gone is not", previous: "old", current: "quote", want: undefined },
  { name: "one selected meanwhile stays", previous: "work", current: "lost", want: "lost" },
];

for (const { name, previous, current, want } of contextsLeft) {
  test(`after a context is removed: ${name}`, async () => {
    const text = withContext(foreign, quote).replace("current-context: quote", `current-context: ${current}`);
    assert.equal(await currentContext(withoutContext(text, "quote", { previous })), want);
  });
}

const refusals: { name: string; text: string; context?: string; want: RegExp }[] = [
  { name: "no YAML", text: "a: [", want: /The kubeconfig is not YAML: line 1, column 4: / },
  { name: "a list in JSON", text: "[1]", want: /Cannot read a kubeconfig: not a map/ },
  { name: "JSON that is cut", text: '{"kind": "Config"', want: /The kubeconfig is not YAML: line 1, column 17: / },
  { name: "no map", text: "- a", want: /Cannot read a kubeconfig: not a map/ },
  { name: "no current context", text: "kind: Config", want: /has no current context/ },
  { name: "an unknown context", text: foreign, context: "home", want: /has no context "home"/ },
  { name: "a context without its cluster", text: foreign, context: "lost", want: /has no cluster "nowhere"/ },
];

for (const { name, text, context, want } of refusals) {
  test(`a kubeconfig is refused for ${name}`, async () => {
    await assert.rejects(kubeconfigContext(text, context), { name: "KubeconfigError", message: want });
  });
}

test("a kubeconfig in JSON says the same as one in YAML, and may be edited", async () => {
  const context = { ...quote, namespace: "team" };
  const json = kubeconfigJson(context);
  assert.deepEqual(JSON.parse(json), parse(withContext("", context)));
  assert.deepEqual(await kubeconfigContext(json), await kubeconfigContext(withContext("", context)));
  assert.equal(await currentContext(withContext(json, { ...quote, name: "other" })), "other");
});

test("YAML that begins as JSON does is read", async () => {
  const text =
    "{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c, cluster: {server: s}}]}";
  assert.deepEqual(await kubeconfigContext(text), {
    name: "a",
    namespace: "default",
    cluster: { server: "s" },
    user: {},
  });
});

test("YAML is read in a program that has frozen its built-ins, and loads the parser after that", async (t) => {
  const program = new URL("./frozen-program.testing.ts", import.meta.url);
  const thread = new Worker(program, { workerData: withContext("", quote) });
  t.after(() => thread.terminate());
  const [context] = await once(thread, "message");
  assert.deepEqual(context, await kubeconfigContext(kubeconfigJson(quote)));
});

test("a file is made for the owner's eyes only, and what a link points to is replaced", async (t) => {
  const dir = await temporaryFolder(t);
  const file = path.join(dir, "new", "config");
  await editKubeconfigFile(file, (text) => withContext(text, quote));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await chmod(file, 0o644);
  const link = path.join(dir, "link");
  await symlink(file, link);
  await editKubeconfigFile(link, (text) => withoutContext(text, "quote"));
  assert.ok((await lstat(link)).isSymbolicLink());
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await currentContext(await readFile(file, "utf8")), undefined);
});

test("edits at the same time all count, and a lock that stays is named", async (t) => {
  const file = path.join(await temporaryFolder(t), "config");
  const names = Array.from({ length: 10 }, (_, i) => `c${i}`);
  await Promise.all(names.map((name) => editKubeconfigFile(file, (text) => withContext(text, { ...quote, name }))));
  const text = await readFile(file, "utf8");
  for (const name of names) assert.equal((await kubeconfigContext(text, name)).name, name);

  await writeFile(`${file}.lock`, "");
  const clock = createFakeClock();
  const edit = assert.rejects(
    editKubeconfigFile(file, (t) => t, { clock }),
    /config\.lock is there/,
  );
  let refused = false;
  edit.finally(() => {
    refused = true;
  });
  while (!refused) await clock.advance(50);
  await edit;
});

test("credentials that are not supported are refused by name", async (t) => {
  const file = path.join(await temporaryFolder(t), "config");
  await writeFile(file, foreign.replace("token: secret", "exec: {command: login}"));
  await assert.rejects(kubeconfigTransport(file), /users\[\]\.user\.exec is not supported/);
});

test("kubectl reads what was written", async (t) => {
  const file = path.join(await temporaryFolder(t), "config");
  await editKubeconfigFile(file, (text) => withContext(text === "" ? foreign : text, quote));
  const kubectl = promisify(execFile)("kubectl", ["--kubeconfig", file, "config", "current-context"]);
  const answer = await kubectl.catch((error: NodeJS.ErrnoException) => error);
  if (answer instanceof Error && answer.code === "ENOENT") return t.diagnostic("kubectl is not installed");
  assert.ok(!(answer instanceof Error), String(answer));
  assert.equal(answer.stdout.trim(), "quote");
});
