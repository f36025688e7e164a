/** The machine turns against the cluster without killing a program: rules, links, memory of flows and the server's time go away. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { counts, failures, type Load, startLoads, untilAsked } from "./network/load.testing.ts";
import { onMachine, pidOf } from "./network/machines.testing.ts";
import { runningContainers } from "./network/running-containers.testing.ts";
import { askFromHost, clusterIPOf, startWeb, untilAnswers } from "./network/web-pods.testing.ts";

const LIMIT = { timeout: 240_000 };
const NODES = ["fairlead-1", "fairlead-2"];
const WEB = ["web-1", "web-2", "web-3", "web-4"];
/** Requests of each client before and after each fault. */
const ROUND = 30;
/** How long the server is stopped, in milliseconds: half of what a node may be silent. */
const STOPPED_MS = 20_000;
/** How long the link between the machines is down, in milliseconds. */
const LINK_DOWN_MS = 5_000;
/** Where `open-flows.testing.ts` sends datagrams to. */
const OPENED_FLOWS = "127.1.0.0/16";
/** Selects the Node's events of a full table. */
const FULL_TABLE_EVENTS = "--field-selector=involvedObject.name=fairlead-2,reason=ConntrackFull";
/** Flows that are inserted at once: `conntrack` reads a whole file before it begins. */
const INSERTED_FLOWS = 40_000;
/** More than there can be room for between two attempts to connect. */
const ADDED_FLOWS = 10_000;

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let loads: readonly Load[];

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2"]);
    loads = await startLoads(lab, await startWeb(lab, WEB, NODES), NODES);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("the server stopped for 20 s: no request is lost, no pod evicted, no node lost", LIMIT, async (t) => {
    const lost = await during(t, lab, loads, async () => {
      const server = await pidOf(lab, "fairlead-1/server");
      process.kill(server, "SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
      process.kill(server, "SIGCONT");
      assert.equal(await pidOf(lab, "fairlead-1/server"), server, "the server that was stopped goes on");
    });
    assert.deepEqual(lost, []);
  });

  test("the rules of a machine flushed: they come back by themselves", LIMIT, async (t) => {
    const tables = () => onMachine(lab, "fairlead-2", "nft list tables");
    const all = await tables();
    await during(t, lab, loads, async () => {
      await onMachine(lab, "fairlead-2", "nft flush ruleset");
      await until(
        "the tables to be there again",
        async () => ((await tables()).split("\n").length >= all.split("\n").length ? true : undefined),
        10_000, // Earlier than any periodic verification: the kernel reports deleted tables.
      );
    });
    assert.deepEqual((await tables()).split("\n").sort(), all.split("\n").sort());
  });

  test("the link between two machines down for 5 s: nothing is lost but requests across it", LIMIT, async (t) => {
    const lost = await during(t, lab, loads, async () => {
      const link = (state: string) => `ip netns exec $(ip netns list | cut -d' ' -f1) ip link set node1 ${state}`;
      assert.equal((await lab.run("sh", ["-euc", link("down")])).exitCode, 0);
      await new Promise((resolve) => setTimeout(resolve, LINK_DOWN_MS));
      assert.equal((await lab.run("sh", ["-euc", link("up")])).exitCode, 0);
    });
    // A request that waits longer than the link was down would have been forgotten on the way.
    assert.deepEqual(
      lost.filter((line) => !/\((6|7|28|52|56)\)/.test(line)),
      [],
    );
  });

  test("the connection tracking of a machine full: it recovers by itself, and pods stay", LIMIT, async (t) => {
    await during(t, lab, loads, async () => {
      const filled = Number(await onMachine(lab, "fairlead-2", fillConntrack));
      t.diagnostic(`${filled} flows in the table`);
      // Until they run out, the kernel now and then finds no flow near by that it could give up for a new one.
      await until("the table to have room", async () =>
        Number(await onMachine(lab, "fairlead-2", "conntrack -C")) < filled / 2 ? true : undefined,
      );
    });
  });

  test("the connection tracking of a machine full of established flows: it says so, and recovers", LIMIT, async (t) => {
    const most = Number(await onMachine(lab, "fairlead-2", "cat /proc/sys/net/netfilter/nf_conntrack_max"));
    const address = await clusterIPOf(lab, "web");
    const lost = await during(t, lab, loads, async () => {
      // Events of an earlier fault do not count.
      await lab.kubectl("delete", "events", FULL_TABLE_EVENTS);
      const filled = Number(await onMachine(lab, "fairlead-2", insertAssured));
      assert.ok(filled >= most * 0.95, `${filled} of ${most} flows`);
      // The kernel still gives up flows of closed connections: not every new one is refused.
      let added = 0;
      const tryToConnect = async () => {
        // Closed connections of the load run out meanwhile, and leave room.
        const flows = Number(await onMachine(lab, "fairlead-2", insertMore(added++)));
        assert.ok(flows >= most * 0.95, `${flows} of ${most} flows`);
        const said = await onMachine(lab, "fairlead-2", `curl -sS -m 2 -o /dev/null http://${address}/ 2>&1 || true`);
        return said === "" ? undefined : said;
      };
      assert.match(await until("a new connection to get no answer", tryToConnect), /\((7|28)\)/);
      // Over the connection to the server that the node has: its flow is kept.
      await until("the Node to tell", async () => {
        // A connection may have got no answer for another reason, and the node looks every ten seconds only.
        await tryToConnect();
        return (await lab.kubectl("get", "events", FULL_TABLE_EVENTS, "-o", "name")) || undefined;
      });
      const left = Number(await onMachine(lab, "fairlead-2", removeInserted));
      t.diagnostic(`${filled} flows in the table, ${left} after the inserted ones were removed`);
    });
    assert.deepEqual(
      lost.filter((line) => !/\((6|7|28)\)/.test(line)),
      [],
      "only new connections get no answer",
    );
  });
}

/**
 * Inserts established, assured flows until the table has no room. Real connections would be 262,144 pairs of sockets: to the
 * kernel's table they are the same, and the table is the only thing that has to be full. Nothing is written below /proc/sys.
 */
const insertAssured = `
max=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
flows=$(mktemp)
# A table full of flows without a reply takes no insertions, and gives those flows up for each new connection.
conntrack -D -p udp -d ${OPENED_FLOWS} >/dev/null 2>&1 || true
for first in $(seq 0 ${INSERTED_FLOWS} $max); do
  ${writeFlows("127.9.2", INSERTED_FLOWS, "$first")} > $flows
  # Ends with an error when the table is full.
  conntrack --load-file $flows >/dev/null 2>&1 || true
done
rm $flows
conntrack -C
`;

/** Inserts some more, from an address of their own for each `batch`, and prints how many there are. */
const insertMore = (batch: number) => `
flows=$(mktemp)
${writeFlows(`127.9.${3 + batch}`, ADDED_FLOWS, "0")} > $flows
conntrack --load-file $flows >/dev/null 2>&1 || true
rm $flows
conntrack -C
`;

/** Removes what was inserted, and prints how many flows are left. */
const removeInserted = "conntrack -D -p tcp -d 127.9.1.1 >/dev/null 2>&1; conntrack -C";

/** Shell command that writes `count` insertions for `conntrack`, from addresses of this /24 network. */
function writeFlows(network: string, count: number, first: string): string {
  const insertion = `-I -p tcp -s ${network}.%d -d 127.9.1.1 --sport %d --dport 80 --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 600\\n`;
  return `awk -v first=${first} 'BEGIN { for (i = first; i < first + ${count}; i++) printf("${insertion}", 1 + i / 50000, 1024 + i % 50000) }'`;
}

/** Node program of the machine that opens flows on loopback until the kernel's table has no room. */
const fillConntrack = `
max=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
NODE_OPTIONS= ${process.execPath} ${path.join(import.meta.dirname, "network/open-flows.testing.ts")} "$max"
`;

/** Does something to the cluster under load, and waits until everything is as before. Answers the lost requests. */
async function during(
  t: TestContext,
  lab: Lab,
  loads: readonly Load[],
  act: () => Promise<void>,
): Promise<readonly string[]> {
  const untouched = await runningContainers(lab);
  await untilAsked(loads, ROUND);
  const before = await counts(loads);
  await act();
  await untilAnswers(askFromHost(lab), await clusterIPOf(lab, "web"), WEB);
  await untilAsked(loads, ROUND);
  const settled = await counts(loads);
  await untilAsked(loads, ROUND);
  const lost = await failures(loads, before);
  const asked = (await counts(loads)).reduce((sum, count, i) => sum + count - (before[i] ?? 0), 0);
  t.diagnostic(`${lost.length} of ${asked} requests were lost`);
  assert.deepEqual(await failures(loads, settled), [], "requests are lost long after the fault");
  assert.deepEqual(await runningContainers(lab), untouched, "containers were started again");
  await lab.kubectl("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=30s");
  return lost;
}
