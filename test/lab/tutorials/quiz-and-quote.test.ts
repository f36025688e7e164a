/** The tutorial of quiz and quote, and how evenly and how lastingly clients are given to pods. */
import assert from "node:assert/strict";
import type { Lab } from "../lab.testing.ts";
import type { TestImage } from "../registry/test-images.testing.ts";
import { testTutorial } from "./tutorial.testing.ts";

const QUOTE_PODS = ["quote-001", "quote-002", "quote-003", "quote-canary"];

/** Puts a script for the database where the database looks for it. */
const installer: TestImage = {
  packages: "busybox",
  files: [{ type: "text", path: "/questions.js", text: 'db.questions.insert({ id: 1, text: "Who am I?" });\n' }],
  config: { entrypoint: ["cp", "/questions.js", "/initdb.d/"] },
};

/** A shell as first process passes nothing on, so it ends what it started on SIGTERM. */
const UNTIL_TERM = "trap 'kill $!; exit' TERM; wait $!";

const SERVE_POD_NAME = `mkdir /www
echo "This is the quiz service running in pod $(hostname)" > /www/index.html
httpd -f -p 8080 -h /www & ${UNTIL_TERM}`;

const quizApi: TestImage = { packages: "busybox", config: { entrypoint: ["sh", "-ec", SERVE_POD_NAME] } };

/**
 * Takes in what is in `/docker-entrypoint-initdb.d` the first time, as the image of MongoDB does, keeps it in `/data/db`,
 * and shows it to every client.
 */
const MONGO = `#!/bin/sh -e
if [ ! -e /data/db/documents ]; then
  cat /docker-entrypoint-initdb.d/*.js > /data/db/.documents
  mv /data/db/.documents /data/db/documents
fi
nc -ll -p 27017 -e cat /data/db/documents & ${UNTIL_TERM}
`;

const mongo: TestImage = {
  packages: "busybox",
  files: [{ type: "text", path: "/usr/local/bin/docker-entrypoint.sh", text: MONGO, mode: 0o755 }],
  config: { entrypoint: ["docker-entrypoint.sh"] },
};

testTutorial(import.meta.filename, {
  name: "quiz-and-quote",
  images: {
    "luksa/quiz-initdb-script-installer:0.1": installer,
    "luksa/quiz-api:0.1": quizApi,
    "library/mongo:4.4.6": mongo,
  },
  beyond: {
    "The quiz pod and its volume": contentsOfTheQuizPod,
    "From inside a pod": allPodsTakePart,
    "The same pod every time": silentClientsMayMove,
  },
});

/** What was installed reaches the database, whose neighbour in the pod finds it; no user may write into its source. */
async function contentsOfTheQuizPod(lab: Lab): Promise<void> {
  const quiz = (container: string, ...command: string[]) =>
    lab.run("kubectl", ["exec", "quiz", "-c", container, "--", ...command]);
  assert.match((await quiz("quiz-api", "nc", "127.0.0.1", "27017")).stdout, /^db\.questions\.insert/);
  assert.equal((await quiz("mongo", "ls", "/data/db")).stdout, "documents\n");
  assert.match((await quiz("mongo", "touch", "/docker-entrypoint-initdb.d/new")).stderr, /Read-only file system/);
}

/** With 400 requests to four pods, fewer than 50 or more than 150 for one of them is no chance: six standard deviations. */
async function allPodsTakePart(lab: Lab): Promise<void> {
  const times = await askQuote(lab, "for i in $(seq 400); do curl -s http://quote; done");
  assert.deepEqual([...times.keys()].sort(), QUOTE_PODS);
  for (const [pod, count] of times) assert.ok(count >= 50 && count <= 150, `${pod} was asked ${count} times of 400`);
}

/** Ten requests with pauses go to one pod while the client is known, and to several once it is forgotten in between. */
async function silentClientsMayMove(lab: Lab): Promise<void> {
  const pausing = "for i in $(seq 10); do curl -s http://quote; sleep 1.5; done";
  const distinct = async (timeoutSeconds: number) => {
    const spec = { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
    await lab.kubectl("patch", "svc", "quote", "-p", JSON.stringify({ spec }));
    return (await askQuote(lab, pausing)).size;
  };
  assert.equal(await distinct(10), 1);
  assert.ok((await distinct(1)) > 1, "a client that was silent for longer than it is remembered stayed with one pod");
}

/** How often each pod answered, asked from one of them. */
async function askQuote(lab: Lab, script: string): Promise<Map<string, number>> {
  const answers = await lab.kubectl("exec", "quote-001", "-c", "nginx", "--", "sh", "-c", script);
  const times = new Map<string, number>();
  for (const [, pod = ""] of answers.matchAll(/^This is the quote service running in pod (\S+) on node \S+$/gm)) {
    times.set(pod, (times.get(pod) ?? 0) + 1);
  }
  return times;
}
