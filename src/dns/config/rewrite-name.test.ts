import assert from "node:assert/strict";
import { test } from "node:test";
import { planCorefile } from "../corefile/plan-corefile.ts";
import { rewriteName, rewriteReply } from "./rewrite-name.ts";

/** What the rules make of a question's name, and of the names of the answer's records (`name -> target`). */
const rows: {
  name: string;
  rules: string;
  asked: string;
  want: string;
  answers?: readonly string[];
  wantAnswers?: readonly string[];
}[] = [
  {
    name: "exact",
    rules: "rewrite name a.example b.example",
    asked: "a.example",
    want: "b.example",
    answers: ["b.example", "c.example -> x.b.example"],
    wantAnswers: ["a.example", "c.example -> x.a.example"],
  },
  {
    name: "exact of another name",
    rules: "rewrite name a.example b.example",
    asked: "x.a.example",
    want: "x.a.example",
  },
  {
    name: "prefix",
    rules: "rewrite name prefix old- new-",
    asked: "old-web.example",
    want: "new-web.example",
    answers: ["new-web.example"],
    wantAnswers: ["new-web.example"],
  },
  {
    name: "prefix, answer auto",
    rules: "rewrite name prefix old- new- answer auto",
    asked: "old-web.example",
    want: "new-web.example",
    answers: ["new-web.example"],
    wantAnswers: ["old-web.example"],
  },
  {
    name: "suffix",
    rules: "rewrite name suffix .a.example .b.example",
    asked: "web.a.example",
    want: "web.b.example",
    answers: ["web.b.example"],
    wantAnswers: ["web.b.example"],
  },
  {
    name: "suffix, answer auto",
    rules: "rewrite stop {\n name suffix .a.example .b.example answer auto\n}",
    asked: "web.a.example",
    want: "web.b.example",
    answers: ["web.b.example -> db.b.example", "db.b.example"],
    wantAnswers: ["web.a.example -> db.a.example", "db.a.example"],
  },
  {
    name: "substring",
    rules: "rewrite name substring svc.us svc.eu",
    asked: "ftp.svc.us.example",
    want: "ftp.svc.eu.example",
  },
  {
    name: "regex, answer name",
    rules:
      "rewrite stop {\n name regex (.*)-(us-west-1)\\.example\\.org {1}.service.{2}.consul\n answer name (.*)\\.service\\.(us-west-1)\\.consul {1}-{2}.example.org\n}",
    asked: "ftp-us-west-1.example.org",
    want: "ftp.service.us-west-1.consul",
    answers: ["ftp.service.us-west-1.consul"],
    wantAnswers: ["ftp-us-west-1.example.org"],
  },
  {
    name: "stop, the default",
    rules: "rewrite name a.example b.example\nrewrite name b.example c.example",
    asked: "a.example",
    want: "b.example",
  },
  {
    name: "continue",
    rules: "rewrite continue name a.example b.example\nrewrite name b.example c.example",
    asked: "a.example",
    want: "c.example",
    answers: ["c.example"],
    wantAnswers: ["a.example"],
  },
];

for (const { name, rules, asked, want, answers = [], wantAnswers = answers } of rows) {
  test(`rewrite name: ${name}`, () => {
    const plan = planCorefile(`. {\nkubernetes cluster.local\n${rules}\n}`, {
      clusterDomain: "cluster.local",
      nodeUpstreams: [],
      metricsPort: false,
      environment: {},
    });
    assert.ok("config" in plan, JSON.stringify(plan));
    const rewritten = rewriteName(asked, plan.config.servers[0]?.rewrites ?? []);
    assert.equal(rewritten.name, want);
    assert.equal(rewritten.isRewritten, want !== asked);
    const records = answers.map((text) => {
      const [owner = "", target] = text.split(" -> ");
      return target === undefined
        ? ({ name: owner, ttlSeconds: 1, type: "A", address: "10.0.0.1" } as const)
        : ({ name: owner, ttlSeconds: 1, type: "CNAME", target } as const);
    });
    const reply = rewriteReply({ rcode: "NOERROR", authoritative: false, answers: records }, rewritten);
    assert.deepEqual(
      reply.answers.map((record) => ("target" in record ? `${record.name} -> ${record.target}` : record.name)),
      wantAnswers,
    );
  });
}
