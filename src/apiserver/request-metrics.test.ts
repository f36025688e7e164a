import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequestMetrics } from "./request-metrics.ts";

test("requests are counted by code, and their durations in buckets that include the smaller ones", () => {
  const metrics = createRequestMetrics();
  const list = { verb: "list", group: "", resource: "pods" };
  metrics.record({ ...list, code: 200, seconds: 0.001 });
  metrics.record({ ...list, code: 200, seconds: 0.2 });
  metrics.record({ ...list, code: 403, seconds: 70 });
  metrics.record({ ...list, verb: "watch", code: 200, seconds: 900 });
  const lines = metrics.text().split("\n");
  const value = (name: string) =>
    lines
      .find((line) => line.startsWith(name))
      ?.split(" ")
      .at(-1);
  assert.equal(value('apiserver_request_total{code="200",group="",resource="pods",verb="list"}'), "2");
  assert.equal(value('apiserver_request_total{code="403"'), "1");
  assert.equal(value('apiserver_request_total{code="200",group="",resource="pods",verb="watch"}'), "1");
  const bucket = 'apiserver_request_duration_seconds_bucket{group="",resource="pods",verb="list",le=';
  assert.deepEqual(
    [`"0.005"`, `"0.1"`, `"0.5"`, `"60"`, `"+Inf"`].map((le) => value(bucket + le)),
    ["1", "1", "2", "2", "3"],
  );
  assert.equal(
    lines.some((line) => line.includes("duration") && line.includes("watch")),
    false,
  );
});
