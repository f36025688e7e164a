/** What a machine's owner relies on: clusters stay in their corner, and go without a trace however they were treated. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { remains, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const root = path.resolve(import.meta.dirname, "../..");
const service = path.join(root, "examples/quote/service.yaml");
const pod = path.join(root, "examples/quote/quote-001.yaml");
const ANSWER = /^This is the quote service running in pod quote-001 on node (\S+)$/;

/** How often an `up` is killed, and how late at most: a whole one takes about this long. */
const KILLS = 5;
const KILL_AT_MAX_MS = 2_500;

const LIMIT = { timeout: 480_000 };

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let untouched: string[];

  before(async () => {
    lab = await startLab();
    untouched = await hostNetwork(lab);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("two clusters come up at the same time, with addresses and a port of their own", LIMIT, async () => {
    await Promise.all([
      upOrShowLogs(lab, ["-f", service, "-f", pod]),
      upOrShowLogs(lab, ["--name", "second", "-f", service, "-f", pod]),
    ]);
    const [first, second] = await Promise.all([description(lab, "fairlead"), description(lab, "second")]);
    for (const field of ["apiPort", "nodeCIDRs", "podCIDRs", "serviceCIDRs"] as const) {
      assert.notDeepEqual(first[field], second[field], field);
    }
    assert.match(await quoteAnswer(lab, "fairlead"), / on node fairlead-1$/);
    assert.match(await quoteAnswer(lab, "fairlead-second"), / on node second-1$/);
  });

  test("the host has two more interfaces and their routes: no sysctl, firewall rule or bridge", LIMIT, async () => {
    assert.deepEqual(await hostNetwork(lab), untouched);
    const links = (await lab.run("ip", ["-brief", "link"])).stdout.trim().split("\n");
    assert.deepEqual(links.map((line) => line.split(/[\s@]/)[0]?.slice(0, 3)).sort(), ["fl-", "fl-", "lo"]);
  });

  test("a cluster taken down leaves the other one alone", LIMIT, async () => {
    const address = await clusterIP(lab, "fairlead");
    const loop = startLoop(lab, `http://${address}`);
    await until("an answer", async () => (loop.answers().length > 0 ? true : undefined));
    await lab.fairlead("down", "--name", "second");
    const answers = await loop.stop();
    assert.deepEqual(
      answers.filter((answer) => !ANSWER.test(answer)),
      [],
    );
    assert.match(
      (await lab.run(fairlead, ["down", "--name", "second"])).stderr,
      /is left of one; there is fairlead\n$/,
    );
    assert.equal((await lab.run(fairlead, ["status"])).exitCode, 0);
    assert.equal((await lab.kubectl("config", "get-contexts", "-o", "name")).trim(), "fairlead");
  });

  test("down works from names when the journal is gone", LIMIT, async () => {
    await rm(path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead/journal.jsonl"));
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
    assert.deepEqual(await hostNetwork(lab), untouched);
  });

  test("down of what is not there is no error, and says so", LIMIT, async () => {
    const none = (name: string) => `There is no cluster "${name}", and nothing is left of one\n`;
    for (const [args, message] of [
      [[], none("fairlead")],
      [["--name", "never-was"], none("never-was")],
      [["--all"], "There is no cluster\n"],
    ] as const) {
      assert.deepEqual(await lab.run(fairlead, ["down", ...args]), { exitCode: 0, stdout: "", stderr: message });
    }
    assert.deepEqual(await remains(lab), []);
  });

  const seed = Number(process.env.FAIRLEAD_TEST_SEED ?? Date.now() % 100_000);
  for (const [i, killAtMs] of killTimes(seed).entries()) {
    // Every other time, what keeps the cluster is killed as well.
    const alsoSupervisor = i % 2 === 1;
    const name = `up killed after ${killAtMs} ms${alsoSupervisor ? ", its supervisor too" : ""}: `;
    test(`${name}up works, and down leaves nothing (FAIRLEAD_TEST_SEED=${seed})`, LIMIT, async () => {
      await killedUp(lab, { killAtMs, alsoSupervisor });
      // One time straight down, without an `up` that would put things in order.
      if (i !== 0) {
        await upOrShowLogs(lab, ["-f", service, "-f", pod]);
        assert.match(await quoteAnswer(lab, "fairlead"), ANSWER);
      }
      await lab.fairlead("down");
      assert.deepEqual(await remains(lab), []);
      assert.deepEqual(await hostNetwork(lab), untouched);
    });
  }
}

const fairlead = path.join(root, "fairlead");

/** Network settings, firewall rules, bridges and policy rules of the host: what no cluster may change. */
async function hostNetwork(lab: Lab): Promise<string[]> {
  // Each interface has settings of its own, and how many flows are being followed changes by itself.
  const settings = "grep -rs '' /proc/sys/net | grep -Ev '/fl-[0-9a-f]+/|nf_conntrack_count:'";
  const script = `${settings} | sort; nft list ruleset; ip link show type bridge; ip rule; ls /etc/cni/net.d 2>/dev/null`;
  const { stdout } = await lab.run("sh", ["-c", script]);
  return stdout.trim().split("\n");
}

interface Description {
  readonly apiPort: number;
  readonly nodeCIDRs: readonly string[];
  readonly podCIDRs: readonly string[];
  readonly serviceCIDRs: readonly string[];
}

async function description(lab: Lab, name: string): Promise<Description> {
  return JSON.parse(await lab.fairlead("status", "--name", name, "-o", "json")) as Description;
}

async function clusterIP(lab: Lab, context: string): Promise<string> {
  return await lab.kubectl("--context", context, "get", "service", "quote", "-o", "jsonpath={.spec.clusterIP}");
}

/** What the quote Service says to the host. */
async function quoteAnswer(lab: Lab, context: string): Promise<string> {
  const address = await clusterIP(lab, context);
  return await until(`${context}'s Service to answer`, async () => {
    const { exitCode, stdout } = await lab.run("curl", ["-s", "-m", "2", `http://${address}`]);
    return exitCode === 0 ? stdout.trim() : undefined;
  });
}

/** Whole milliseconds, one in each part of the time that an `up` takes. The same for the same seed. */
function killTimes(seed: number): number[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return Array.from({ length: KILLS }, (_, i) => Math.floor(((i + random()) * KILL_AT_MAX_MS) / KILLS));
}

/** Starts an `up` and kills it; one that was faster than that is not killed. */
async function killedUp(
  lab: Lab,
  { killAtMs, alsoSupervisor }: { readonly killAtMs: number; readonly alsoSupervisor: boolean },
): Promise<void> {
  const up: ChildProcess = lab.start(fairlead, ["up", "--uplink", "none", "-f", service, "-f", pod]);
  const ended = once(up, "exit");
  await new Promise((resolve) => setTimeout(resolve, killAtMs));
  up.kill("SIGKILL");
  await ended;
  const supervisor = alsoSupervisor ? await supervisorPid(lab) : undefined;
  if (supervisor !== undefined) process.kill(supervisor, "SIGKILL");
}

async function supervisorPid(lab: Lab): Promise<number | undefined> {
  const file = path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead/journal.jsonl");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const entries = lines.map((line) => JSON.parse(line) as { readonly role?: string; readonly pid?: number });
  return entries.findLast((entry) => entry.role === "supervisor")?.pid;
}
