import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { commands } from "./commands.ts";
import { runCommandLine } from "./run-command-line.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");

// A home without clusters; this process runs nothing but the tests of this file.
const home = await mkdtemp(path.join(tmpdir(), "fairlead-cli-"));
Object.assign(process.env, { FAIRLEAD_HOME: home, HOME: home, KUBECONFIG: "" });
after(() => rm(home, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
async function fairlead(...words: string[]): Promise<Outcome> {
  const printed = { out: "", err: "" };
  const code = await runCommandLine(commands, words, {
    out: (line) => (printed.out += `${line}\n`),
    err: (line) => (printed.err += `${line}\n`),
    write: (bytes) => (printed.out += Buffer.from(bytes).toString()),
    env: process.env,
    ask: async () => undefined,
    interactive: false,
    signal: new AbortController().signal,
  });
  return { code, ...printed };
}

/** Runs a command line as a process of its own: programs that stay, and what only a process shows. */
async function fairleadProcess(env: NodeJS.ProcessEnv, ...words: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, out, err };
}

const cases: { words: string; code: number; out?: RegExp; err?: RegExp }[] = [
  { words: "", code: 0, out: /Usage: fairlead COMMAND/ },
  { words: "help", code: 0, out: /Usage: fairlead COMMAND/ },
  { words: "up --help", code: 0, out: /Usage: fairlead up \[flags\]/ },
  { words: "version", code: 0, out: /^fairlead \d+\.\d+\.\d+, Kubernetes v1\.35\.0\+fairlead-.*, Node\.js v24\./ },
  { words: "version -o json", code: 0, out: /^\{"fairlead":".*"kubernetes":"v1\.35\.0/ },
  { words: "nonsense", code: 2, err: /^fairlead: "nonsense" is not a command: "fairlead help" lists them\n$/ },
  { words: "image", code: 2, err: /use image load, image build, image ls/ },
  {
    words: "version --bogus",
    code: 2,
    err: /^fairlead: "fairlead version" has no flag --bogus: .* lists them\nUsage: fairlead version \[flags\]\n$/,
  },
  { words: "node remove", code: 2, err: /needs NODE\nUsage: fairlead node remove NODE/ },
  { words: "version -o yaml", code: 2, err: /--output "yaml" must be json/ },
  { words: "forward quote 80", code: 2, err: /"quote" must be TYPE\/NAME, for example svc\/quote or pod\/quote/ },
  { words: "forward svc quote", code: 2, err: /"svc" must be TYPE\/NAME, for example svc\/quote\n/ },
  { words: "forward svc/quote --address here", code: 2, err: /--address "here" must be IP addresses/ },
  { words: "forward svc/quote 80", code: 1, err: /^fairlead: Cannot find the cluster "fairlead": there is none/ },
  {
    words: "forward svc/quote 80 --kubeconfig /no/such",
    code: 1,
    err: /^fairlead: Cannot use the kubeconfig \/no\/such: there is no such file/,
  },
  {
    words: "forward svc/quote 80 --context nowhere",
    code: 1,
    err: /^fairlead: Cannot use the kubeconfig .*: The kubeconfig has no context "nowhere"/,
  },
  { words: "__complete -- forward s", code: 0, out: /^svc\/\n:words\n$/ },
  { words: "completion", code: 2, err: /needs SHELL\nUsage: fairlead completion SHELL\n$/ },
  { words: "completion tcsh", code: 2, err: /"tcsh" is no shell that is known here: use bash, zsh, fish/ },
  { words: "completion bash", code: 0, out: /^complete -F _fairlead fairlead$/m },
  { words: "__complete -- version --", code: 0, out: /^--output\tjson, for programs\n--help\t.*\n:words\n$/ },
  { words: "__complete -- up -f x", code: 0, out: /^:files\n$/ },
  { words: "__complete -- node remove x", code: 0, out: /^:words\n$/ },
  { words: "up --uplink vpn", code: 2, err: /--uplink "vpn" must be slirp4netns or none\nUsage: fairlead up/ },
  { words: "up --wait soon", code: 2, err: /--wait "soon" is not a duration/ },
  { words: "up --name Shop", code: 1, err: /^fairlead: Cannot name a cluster "Shop": must be/ },
  {
    words: "ip",
    code: 1,
    err: /^fairlead: Cannot find the cluster "fairlead": there is none; "fairlead up" makes one\n$/,
  },
  { words: "status", code: 1, err: /^fairlead: Cannot find the cluster/ },
  { words: "logs --tail some", code: 2, err: /--tail "some" must be a whole number/ },
  { words: "image build -t a --program ls", code: 2, err: /--program "ls" must be an absolute path/ },
  { words: "image build /no/such/folder -t a", code: 1, err: /^fairlead: Cannot read the folder "\/no\/such\/folder"/ },
  { words: "image build -t a --program /no/such", code: 1, err: /^fairlead: Cannot copy \/no\/such: / },
  { words: "run server --advertise-address 127.0.0.1 --secure-port x", code: 2, err: /--secure-port "x" must be/ },
  {
    words: "run server --advertise-address 127.0.0.1 --store mongo:x",
    code: 1,
    err: /^fairlead: Cannot open the store "mongo:x"/,
  },
  {
    words: "run server --advertise-address 127.0.0.1 --store memory: --pki-dir /no/such",
    code: 1,
    err: /^fairlead: .*\/no\/such/,
  },
  { words: "run node", code: 2, err: /--node-name is missing\nUsage: fairlead run node \[flags\]\n$/ },
  { words: "node", code: 2, err: /^fairlead: "node" is not a command: use node ls, node add, node remove\n$/ },
  { words: "node rm a", code: 2, err: /^fairlead: "node rm" is not a command: use node ls, node add, node remove\n$/ },
  { words: "stauts", code: 2, err: /^fairlead: "stauts" is not a command: did you mean "fairlead status"\? / },
  { words: "run dns --node-name a --listen here", code: 2, err: /--listen must be like/ },
];
for (const { words, code, out, err } of cases) {
  test(`"fairlead ${words}" ends with ${code}`, async () => {
    const given = words.split(" ").filter(Boolean);
    // Programs that stay change the process that they run in.
    const outcome =
      given[0] === "run" ? await fairleadProcess({ FAIRLEAD_COMMAND: undefined }, ...given) : await fairlead(...given);
    assert.match(outcome.out, out ?? /^$/);
    assert.match(outcome.err, err ?? /^$/);
    assert.equal(outcome.code, code);
    assert.doesNotMatch(outcome.err, /\n {4}at /, "a mistake comes without a stack");
  });
}

test("an API server that does not answer is reported without a stack", async () => {
  const file = path.join(home, "config");
  const nobody = { server: "https://127.0.0.1:1" };
  const config = {
    clusters: [{ name: "a", cluster: nobody }],
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    users: [{ name: "a", user: { token: "x" } }],
    "current-context": "a",
  };
  await writeFile(file, JSON.stringify(config));
  const { code, err } = await fairlead("forward", "svc/quote", "--kubeconfig", file);
  assert.match(
    err,
    /^fairlead: Cannot reach the API server at https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; "fairlead status" .*\n$/,
  );
  assert.equal(code, 1);
});

const typed: { as: string | undefined; want: RegExp }[] = [
  {
    as: "./fairlead",
    want: /^fairlead: "stauts" is not a command: did you mean ".\/fairlead status"\? ".\/fairlead help"/,
  },
  { as: undefined, want: /did you mean "fairlead status"\? "fairlead help"/ },
];
for (const { as, want } of typed) {
  test(`a process started as ${as ?? "fairlead"} ends with the command's code, and its hints name it so`, async () => {
    const { code, out, err } = await fairleadProcess({ FAIRLEAD_COMMAND: as }, "stauts");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, want);
  });
}

test("output goes to standard output, and a reader that has seen enough ends the process quietly", async () => {
  const child = spawn("sh", ["-c", '"$@" | head -c 1', "sh", process.execPath, MAIN, "help"], { stdio: "pipe" });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  assert.deepEqual([out, err], ["f", ""]);
});
