import assert from "node:assert/strict";
import { test } from "node:test";
import { route } from "./route.ts";

const cases: { path: string; want: string }[] = [
  { path: "/healthz", want: "healthz" },
  { path: "/metrics", want: "metrics" },
  { path: "/pods", want: "pods" },
  { path: "/runningpods/", want: "runningpods" },
  { path: "/containerLogs/default/web/main", want: "containerLogs default web main" },
  { path: "/containerLogs/default/web", want: "nothing" },
  { path: "/exec/default/web/main", want: "exec default web main" },
  { path: "/exec/default/web/1234/main", want: "exec default web 1234 main" },
  { path: "/exec/default/web/1234/main/more", want: "nothing" },
  { path: "/attach/kube-system/a%20b/main", want: "attach kube-system a b main" },
  { path: "/run/default/web/main", want: "run default web main" },
  { path: "/portForward/default/web", want: "portForward default web" },
  { path: "/portForward/default/web/1234", want: "portForward default web 1234" },
  { path: "/exec/default//main", want: "nothing" },
  { path: "/exec/default/%zz/main", want: "nothing" },
  { path: "/logs", want: "nodeLogs" },
  { path: "/logs/", want: "nodeLogs /" },
  { path: "/logs/pods/a%20b/0.log", want: "nodeLogs /pods/a b/0.log" },
  { path: "/logs/%zz", want: "nothing" },
  { path: "/logsearch", want: "nothing" },
  { path: "/", want: "nothing" },
  { path: "/constructor", want: "nothing" },
];

for (const { path, want } of cases) {
  test(`route: ${path} is ${want}`, () => {
    const found = route(path);
    const words = found === undefined ? ["nothing"] : Object.values(found).filter((value) => value !== undefined);
    assert.deepEqual(words.join(" ").trim().split(" ").sort(), want.split(" ").sort());
  });
}
