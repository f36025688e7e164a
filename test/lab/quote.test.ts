/** The main job, as a new user does it: a cluster of three nodes, the quote example, and kubectl. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const example = path.resolve(import.meta.dirname, "../../examples/quote");
const PODS = ["quote-001", "quote-002", "quote-003", "quote-canary"];
/** Set by the lab. */
const OLD_KUBECTL = process.env.FAIRLEAD_TEST_KUBECTL_120 ?? "";
const ANSWER = /^This is the quote service running in pod (\S+) on node (\S+)$/;

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "3", "-f", example]);
  });
  after(async () => {
    await lab[Symbol.asyncDispose]();
  });

  for (const client of ["kubectl", "kubectl120"] as const) {
    test(`${client}: get nodes -o wide shows three nodes with their addresses`, async () => {
      const nodes = rows(await lab[client]("get", "nodes", "-o", "wide"));
      assert.deepEqual(
        nodes.map((row) => [row.NAME, row.STATUS, row.ROLES, row["INTERNAL-IP"]]),
        [
          ["fairlead-1", "Ready", "control-plane", "172.30.0.11"],
          ["fairlead-2", "Ready", "<none>", "172.30.0.12"],
          ["fairlead-3", "Ready", "<none>", "172.30.0.13"],
        ],
      );
    });

    test(`${client}: get pods -o wide shows the four pods, Running on all three nodes`, async () => {
      const pods = rows(await lab[client]("get", "pods", "-l", "app=quote", "-o", "wide"));
      assert.deepEqual(
        pods.map((row) => [row.NAME, row.READY, row.STATUS, row.RESTARTS]),
        PODS.map((name) => [name, "2/2", "Running", "0"]),
      );
      assert.equal(new Set(pods.map((row) => row.NODE)).size, 3);
    });

    test(`${client}: get svc and describe svc show the Service and its endpoints`, async () => {
      const [service] = rows(await lab[client]("get", "svc", "quote"));
      assert.equal(service?.TYPE, "ClusterIP");
      assert.equal(service?.["PORT(S)"], "80/TCP");
      const description = await lab[client]("describe", "svc", "quote");
      assert.match(description, /^Selector: +app=quote$/m);
      assert.match(description, /^TargetPort: +80\/TCP$/m);
      assert.match(description, /^Endpoints: +10\.244\.\d+\.\d+:80,.* \+ 1 more\.\.\.$/m);
    });

    test(`${client}: exec gives a shell with a terminal`, async () => {
      const binary = client === "kubectl" ? "kubectl" : OLD_KUBECTL;
      const command = `${binary} exec -it quote-001 -c nginx -- sh`;
      const { stdout } = await lab.run("script", ["-qec", command, "/dev/null"], { input: "tty; hostname; exit 3\n" });
      assert.match(stdout, /\/dev\/pts\/\d/);
      assert.match(stdout, /^quote-001\r?$/m);
    });

    test(`${client}: exec answers with the exit code and takes piped input`, async () => {
      const binary = client === "kubectl" ? "kubectl" : OLD_KUBECTL;
      const failed = await lab.run(binary, ["exec", "quote-001", "-c", "nginx", "--", "sh", "-c", "exit 3"]);
      assert.equal(failed.exitCode, 3);
      const piped = await lab.run(binary, ["exec", "-i", "quote-001", "-c", "nginx", "--", "wc", "-c"], {
        input: "x".repeat(100_000),
      });
      assert.equal(piped.stdout.trim(), "100000");
    });

    test(`${client}: nslookup and a loop of curl in a pod find all four pods on three nodes`, async () => {
      const exec = (...command: string[]) => lab[client]("exec", "quote-001", "-c", "nginx", "--", ...command);
      const { stdout: lookup } = await lab.run("kubectl", [
        "exec",
        "quote-001",
        "-c",
        "nginx",
        "--",
        "nslookup",
        "quote",
      ]);
      assert.match(lookup, /Name:\s+quote\.default\.svc\.cluster\.local/);
      const loop = "for i in $(seq 60); do curl -s -m 5 http://quote; done";
      const answers = (await exec("sh", "-c", loop)).trim().split("\n").map(parseAnswer);
      assert.deepEqual([...new Set(answers.map(({ pod }) => pod))].sort(), PODS);
      assert.equal(new Set(answers.map(({ node }) => node)).size, 3);
    });

    test(`${client}: apply of the same files changes nothing`, async () => {
      const output = await lab[client]("apply", "-f", example);
      assert.deepEqual(
        output
          .trim()
          .split("\n")
          .map((line) => line.split(" ")[1]),
        Array(5).fill("unchanged"),
      );
    });
  }

  test("explain knows the fields", async () => {
    assert.match(await lab.kubectl("explain", "service.spec.ports.nodePort"), /FIELD: nodePort <integer>/);
    assert.match(await lab.kubectl120("explain", "service.spec.ports.nodePort"), /FIELD: +nodePort <integer>/);
  });

  test("logs -f follows what a container writes", async () => {
    await lab.kubectl(
      "run",
      "ticker",
      "--image=registry.fairlead.local/tools:1",
      "--restart=Never",
      "--",
      "sh",
      "-c",
      "for i in 1 2 3; do echo line $i; sleep 1; done",
    );
    await lab.kubectl("wait", "--for=jsonpath={.status.phase}=Running", "pod/ticker", "--timeout=120s");
    assert.equal(await lab.kubectl("logs", "-f", "ticker"), "line 1\nline 2\nline 3\n");
    assert.equal(await lab.kubectl120("logs", "--tail=1", "ticker"), "line 3\n");
    await lab.kubectl("delete", "pod", "ticker");
  });

  test("the Service follows pods that are added and deleted", async () => {
    await lab.kubectl(
      "run",
      "quote-extra",
      "--image=registry.fairlead.local/tools:1",
      "--labels=app=quote",
      "--",
      "httpd",
      "-f",
      "-p",
      "80",
      "-h",
      "/etc",
    );
    await until("five endpoints", async () => ((await endpoints(lab)).length === 5 ? true : undefined));
    await lab.kubectl("delete", "pod", "quote-extra");
    assert.equal((await endpoints(lab)).length, 4);
  });

  test("a NodePort Service answers on every node, from the host and from pods", async () => {
    await lab.kubectl("create", "service", "nodeport", "quote-np", "--tcp=80:80", "--node-port=30080");
    await lab.kubectl("set", "selector", "service/quote-np", "app=quote");
    for (const node of ["172.30.0.11", "172.30.0.12", "172.30.0.13"]) {
      const answer = await until(`${node}:30080 to answer`, async () => {
        const { exitCode, stdout } = await lab.run("curl", ["-s", "-m", "2", `http://${node}:30080`]);
        return exitCode === 0 ? stdout : undefined;
      });
      assert.match(answer.trim(), ANSWER);
      assert.match(
        (
          await lab.kubectl("exec", "quote-001", "-c", "nginx", "--", "curl", "-s", "-m", "5", `http://${node}:30080`)
        ).trim(),
        ANSWER,
      );
    }
    await lab.kubectl("delete", "service", "quote-np");
  });

  test("the host reaches ClusterIPs and pods", async () => {
    const clusterIP = await lab.kubectl("get", "svc", "quote", "-o", "jsonpath={.spec.clusterIP}");
    for (const address of [clusterIP, ...(await endpoints(lab))]) {
      const { stdout } = await lab.run("curl", ["-s", "-m", "5", `http://${address}`]);
      assert.match(stdout.trim(), ANSWER);
    }
  });

  test("a Service without endpoints refuses at once", async () => {
    await lab.kubectl("create", "service", "clusterip", "nobody", "--tcp=80:80");
    const clusterIP = await lab.kubectl("get", "svc", "nobody", "-o", "jsonpath={.spec.clusterIP}");
    await until("a refusal", async () => {
      const { exitCode } = await lab.run("kubectl", [
        "exec",
        "quote-001",
        "-c",
        "nginx",
        "--",
        "curl",
        "-s",
        "-m",
        "3",
        `http://${clusterIP}`,
      ]);
      return exitCode === 7 ? true : undefined;
    });
    await lab.kubectl("delete", "service", "nobody");
  });

  test("port-forward and cp reach into a pod", async () => {
    const forward = lab.start("kubectl", ["port-forward", "pod/quote-002", "18080:80"]);
    const answer = await until("the forwarded port to answer", async () => {
      const { exitCode, stdout } = await lab.run("curl", ["-s", "-m", "2", "http://127.0.0.1:18080"]);
      return exitCode === 0 ? stdout : undefined;
    });
    forward.kill();
    assert.match(answer, /pod quote-002 on/);
  });

  test("a pod reaches the API server with its own token", async () => {
    await lab.kubectl("run", "asker", "--image=registry.fairlead.local/tools:1", "--", "sleep", "1000");
    await lab.kubectl("wait", "--for=condition=Ready", "pod/asker", "--timeout=120s");
    const ask =
      'curl -s --cacert /var/run/secrets/kubernetes.io/serviceaccount/ca.crt -H "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" https://kubernetes.default.svc';
    assert.match(await lab.kubectl("exec", "asker", "--", "sh", "-c", `${ask}/version`), /"gitVersion": ?"v1\.35/);
    const refused = await lab.kubectl("exec", "asker", "--", "sh", "-c", `${ask}/api/v1/namespaces/default/secrets`);
    assert.match(refused, /secrets is forbidden: User \\"system:serviceaccount:default:default\\" cannot list/);
    await lab.kubectl("delete", "pod", "asker");
  });

  test("delete takes the example away", async () => {
    await lab.kubectl("delete", "-f", example);
    assert.equal((await lab.kubectl("get", "pods", "-o", "name")).trim(), "");
  });
}

/** A table as kubectl prints it, a record a line, by its headings. */
function rows(table: string): Record<string, string>[] {
  const [header = "", ...lines] = table.trimEnd().split("\n");
  const columns = [...header.matchAll(/\S+(?: \S+)*\s*/g)].map((m) => ({ name: m[0].trim(), from: m.index }));
  return lines.map((line) =>
    Object.fromEntries(columns.map(({ name, from }, i) => [name, line.slice(from, columns[i + 1]?.from).trim()])),
  );
}

function parseAnswer(line: string): { readonly pod: string; readonly node: string } {
  const [, pod, node] = ANSWER.exec(line) ?? [];
  assert.ok(pod !== undefined && node !== undefined, `not an answer of the quote service: ${line}`);
  return { pod, node };
}

async function endpoints(lab: Lab): Promise<string[]> {
  const addresses = await lab.kubectl("get", "endpoints", "quote", "-o", "jsonpath={.subsets[*].addresses[*].ip}");
  return addresses.split(" ").filter((address) => address !== "");
}
