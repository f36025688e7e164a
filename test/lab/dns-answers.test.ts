/** The DNS server's answers as BIND's and Knot's programs read them: each row of the specification's table, and options. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { startTcpServer } from "../../src/dns/server/tcp-server.ts";
import { startUdpServer } from "../../src/dns/server/udp-server.ts";
import { SPECIFICATION } from "../../src/dns/specification-table.testing.ts";
import { createTableResponder, manyPods } from "../../src/dns/table.testing.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { CommandError, runCommand } from "../../src/lib/run-command.ts";
import type { Running } from "../../src/lib/running.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";

const LIMIT = { timeout: 240_000 };
const LISTEN = { address: "127.0.0.1", port: 5353 };
const AT = ["@127.0.0.1", "-p", "5353"];
/** Fetched outside the namespaces, where there may be a network. */
const root = unpackedPackages("dns-clients");

/** Transfers are no usual questions for these programs. */
const ROWS = SPECIFICATION.flatMap(({ rows }) => rows).filter(({ ask }) => !/^[AI]XFR /.test(ask));

/** One answer as a program prints it, in the form of the table. */
interface PrintedAnswer {
  readonly header: string;
  readonly edns: string | undefined;
  /** Sorted: addresses take turns. */
  readonly records: readonly string[];
}

/** Reads all answers that dig or kdig has printed: both write headers, sections and records in the same form. */
function printedAnswers(text: string): PrintedAnswer[] {
  const answers = text.split(";; ->>HEADER<<- ").slice(1);
  return answers.map((answer) => {
    const status = /status: (\w+)/.exec(answer)?.[1];
    const flags = /^;; flags: ([^;]*);/im.exec(answer)?.[1]?.trim();
    const edns = /^;+ (?:EDNS: )?version: (\d+)[;,] flags:([^;]*); udp(?: size)?: (\d+)/im.exec(answer);
    const sections = [...answer.matchAll(/^;; (ANSWER|AUTHORITY|ADDITIONAL) SECTION:\n((?:[^;\n].*\n?)*)/gm)];
    return {
      header: `${status} ${flags}`,
      edns: edns === null ? undefined : `version ${edns[1]}, flags${edns[2]?.trimEnd()}, udp ${edns[3]}`,
      records: sections.flatMap(([, section = "", lines = ""]) => recordsIn(lines, section)).toSorted(),
    };
  });
}

function recordsIn(lines: string, section: string): string[] {
  const prefix = section === "ANSWER" ? "" : `${section.toLowerCase()}: `;
  return lines
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(";"))
    .map((line) => `${prefix}${line.trim().replaceAll(/\s+/g, " ")}`)
    .map(withFoldedData);
}

/** Names in the data of records have the spelling of the question where they end alike: a pointer leads there. The owner's counts. */
function withFoldedData(record: string): string {
  return record.replace(/ IN SOA .*/, (data) => ` IN SOA ${data.slice(8).toLowerCase()}`);
}

if (insideOwnNamespaces(import.meta.filename)) {
  const servers: Running[] = [];
  /** What a program prints; kdig and delv fail where a name does not exist. */
  const run = async (program: string, words: readonly string[], input = "") => {
    try {
      return await runCommand("chroot", [root, program, ...AT, ...words], { input });
    } catch (error) {
      if (error instanceof CommandError) return `${error.stdout}${error.stderr}`;
      throw error;
    }
  };

  before(async () => {
    const responder = createTableResponder({ services: [manyPods("many", 300)] });
    servers.push(
      await startUdpServer(LISTEN, responder.respond("udp"), silentLogger),
      await startTcpServer(LISTEN, responder.respond("tcp"), silentLogger),
    );
  });
  after(async () => {
    for (const server of servers) await server.stop();
  });

  /** Compares every row, so that a failure shows all that differ and no others. */
  function assertRows(answers: readonly PrintedAnswer[], edns: string | undefined): void {
    const differing = ROWS.flatMap(({ ask, want: [header = "", ...records] }, i) => {
      const want = { header, edns, records: records.toSorted() };
      return isDeepStrictEqual(answers[i], want) ? [] : [{ ask, got: answers[i], want }];
    });
    assert.deepEqual(differing, []);
    assert.equal(answers.length, ROWS.length);
  }

  const everyQuestion = ROWS.map(({ ask }) => ask.split(" "));
  const EDNS = "version 0, flags, udp 1232";

  for (const [transport, words] of [
    ["UDP", ["+notcp"]],
    ["one TCP connection", ["+tcp", "+keepopen"]],
  ] as const) {
    test(`dig reads every answer of the table over ${transport}`, LIMIT, async () => {
      const lines = everyQuestion.map(([type, name]) => `-q ${name} -t ${type} ${words.join(" ")}\n`);
      assertRows(printedAnswers(await run("dig", ["-f", "-"], lines.join(""))), EDNS);
    });
  }

  test("kdig reads every answer of the table, without EDNS", LIMIT, async () => {
    const words = everyQuestion.flatMap(([type = "", name = ""]) => [name, type]);
    assertRows(printedAnswers(await run("kdig", words)), undefined);
  });

  test("delv resolves names of the cluster and along their aliases", LIMIT, async () => {
    const records = async (...words: string[]) => recordsIn(await run("delv", ["-i", ...words]), "ANSWER").toSorted();
    for (const ask of ["A web", "AAAA web", "SRV _http._tcp.db", "A inside", "A outside"]) {
      const [type = "", short = ""] = ask.split(" ");
      const name = `${short}.shop.svc.cluster.local`;
      const { want = [] } = ROWS.find((row) => row.ask === `${type} ${name}`) ?? {};
      const answers = want.slice(1).filter((record) => !record.includes(": "));
      assert.ok(answers.length > 0);
      assert.deepEqual(await records(name, type), answers.toSorted(), ask);
    }
    for (const [ask, why] of [
      ["none.shop.svc.cluster.local", "NXDOMAIN"],
      ["pending.shop.svc.cluster.local", "NXRRSET"],
    ] as const) {
      assert.match(
        await run("delv", ["-i", ask, "A"]),
        new RegExp(`^; ${ask.replaceAll(".", "\\.")}\\.\\s+5\\s.*;-\\$${why}$`, "m"),
      );
    }
  });

  const NAME = "plain.shop.svc.cluster.local";
  const options: { name: string; words: string[]; header: string; edns?: string | undefined; records?: number }[] = [
    {
      name: "DO comes back",
      words: ["+dnssec", NAME],
      header: "NOERROR qr aa rd ra",
      edns: "version 0, flags do, udp 1232",
    },
    { name: "CD comes back", words: ["+cdflag", NAME], header: "NOERROR qr aa rd ra cd" },
    { name: "no recursion is asked for", words: ["+norecurse", NAME], header: "NOERROR qr aa ra" },
    { name: "a later EDNS", words: ["+edns=1", "+noednsneg", NAME], header: "BADVERS qr rd ra", records: 0 },
    { name: "an unknown option", words: ["+ednsopt=65001:00", NAME], header: "NOERROR qr aa rd ra" },
    { name: "unknown flags", words: ["+ednsflags=0x1234", NAME], header: "NOERROR qr aa rd ra" },
    {
      name: "a pad, a subnet and an identifier",
      words: ["+padding=128", "+subnet=10.0.0.0/24", "+nsid", NAME],
      header: "NOERROR qr aa rd ra",
    },
    { name: "another class", words: ["-c", "CH", "-t", "TXT", "version.bind"], header: "REFUSED qr rd ra", records: 0 },
    {
      name: "another operation",
      words: ["+opcode=notify", NAME],
      header: "NOTIMP qr rd ra",
      edns: undefined,
      records: 0,
    },
    {
      name: "many addresses, cut",
      words: ["+ignore", `many.shop.svc.cluster.local`],
      header: "NOERROR qr aa tc rd ra",
      records: 73,
    },
    {
      name: "many addresses in 512 bytes",
      words: ["+ignore", "+noedns", "many.shop.svc.cluster.local"],
      header: "NOERROR qr aa tc rd ra",
      edns: undefined,
      records: 29,
    },
    {
      name: "many addresses, asked again over TCP",
      words: ["many.shop.svc.cluster.local"],
      header: "NOERROR qr aa rd ra",
      records: 300,
    },
    { name: "the records of an address", words: ["-x", "10.244.0.5"], header: "NOERROR qr aa rd ra" },
  ];

  for (const { name, words, header, records = 1, ...row } of options) {
    test(`dig with options: ${name}`, LIMIT, async () => {
      const [answer] = printedAnswers(await run("dig", words));
      const edns = "edns" in row ? row.edns : EDNS;
      assert.deepEqual({ ...answer, records: answer?.records.length }, { header, edns, records });
    });
  }

  test("a zone is transferred to neither dig nor kdig", LIMIT, async () => {
    assert.match(await run("dig", ["AXFR", "cluster.local"]), /^; Transfer failed\.$/m);
    assert.match(await run("kdig", ["cluster.local", "AXFR"]), /server replied with error 'REFUSED'/);
  });

  test("kdig sends several questions over one TCP connection, with EDNS", LIMIT, async () => {
    const answers = printedAnswers(
      await run("kdig", ["+tcp", "+keepopen", "+edns", NAME, "A", NAME, "AAAA", "svc.cluster.local", "NS"]),
    );
    assert.deepEqual(
      answers.map(({ header, edns, records }) => [header, edns, records.length]),
      [1, 1, 1].map((count) => ["NOERROR qr aa rd ra", EDNS, count]),
    );
  });
}
