import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "./metrics.ts";

test("metrics are written in Prometheus' text format, in order of name", () => {
  const metrics = createMetrics();
  const requests = metrics.counter("requests_total", "Requests by verb.\nAnd code.", ["verb", "code"]);
  requests.inc("get", "200");
  requests.add(2, "get", "200");
  requests.inc('a"b\\c\nd', "404");
  metrics.gauge("depth", "How deep.").set(3);
  metrics.measure("gauge", "age", "How old.", () => 1.5);
  assert.equal(
    metrics.text(),
    `# HELP age How old.
# TYPE age gauge
age 1.5
# HELP depth How deep.
# TYPE depth gauge
depth 3
# HELP requests_total Requests by verb.\\nAnd code.
# TYPE requests_total counter
requests_total{verb="get",code="200"} 3
requests_total{verb="a\\"b\\\\c\\nd",code="404"} 1
`,
  );
});

test("what is read when it is asked for may have a value for each label", () => {
  const metrics = createMetrics();
  const sizes = new Map([["a", 1]]);
  metrics.measureEach("gauge", "size", "How large.", { label: "of", read: () => sizes });
  sizes.set('b"', 2);
  assert.equal(metrics.text(), '# HELP size How large.\n# TYPE size gauge\nsize{of="a"} 1\nsize{of="b\\""} 2\n');
});

test("a histogram counts what is at most its bounds", () => {
  const metrics = createMetrics();
  const took = metrics.histogram("took_seconds", "How long it took.", [0.1, 1], ["verb"]);
  for (const seconds of [0.05, 0.1, 0.5, 7]) took.observe(seconds, "get");
  assert.deepEqual(metrics.text().split("\n").slice(2, -1), [
    'took_seconds_bucket{verb="get",le="0.1"} 2',
    'took_seconds_bucket{verb="get",le="1"} 3',
    'took_seconds_bucket{verb="get",le="+Inf"} 4',
    'took_seconds_sum{verb="get"} 7.65',
    'took_seconds_count{verb="get"} 4',
  ]);
});

test("parts that count under one name share the metric", () => {
  const metrics = createMetrics();
  metrics.counter("adds_total", "Adds.", ["name"]).inc("a");
  metrics.counter("adds_total", "Adds.", ["name"]).inc("b");
  assert.match(metrics.text(), /adds_total\{name="a"\} 1\nadds_total\{name="b"\} 1\n/);
});

test("what has no labels is there from the start", () => {
  const metrics = createMetrics();
  metrics.counter("errors_total", "Errors.");
  assert.match(metrics.text(), /\nerrors_total 0\n/);
});

test("labels that clients choose do not take memory without end", () => {
  const metrics = createMetrics();
  const names = metrics.counter("names_total", "Names.", ["name"]);
  for (let i = 0; i < 20_000; i++) names.inc(`n${i}`);
  const lines = metrics.text().trimEnd().split("\n");
  assert.ok(lines.length < 6_000);
  assert.ok(lines.includes('names_total{name="other"} 15000'));
});

test("the value of one set of labels is the metric's own, and there from the start", () => {
  const metrics = createMetrics();
  const requests = metrics.counter("requests_total", "Requests.", ["verb"]);
  const took = metrics.histogram("took_seconds", "How long it took.", [1], ["verb"]);
  const gets = { counted: requests.with("get"), timed: took.with("get") };
  assert.match(metrics.text(), /requests_total\{verb="get"\} 0\n/);
  assert.match(metrics.text(), /took_seconds_count\{verb="get"\} 0\n/);
  gets.counted.inc();
  requests.inc("get");
  gets.timed.observe(1);
  took.observe(2, "get");
  assert.deepEqual(
    metrics
      .text()
      .split("\n")
      .filter((line) => line.includes('"get"')),
    [
      'requests_total{verb="get"} 2',
      'took_seconds_bucket{verb="get",le="1"} 1',
      'took_seconds_bucket{verb="get",le="+Inf"} 2',
      'took_seconds_sum{verb="get"} 3',
      'took_seconds_count{verb="get"} 2',
    ],
  );
});

test("values of sets of labels beyond the limit are counted together", () => {
  const metrics = createMetrics();
  const names = metrics.counter("names_total", "Names.", ["name"]);
  for (let i = 0; i < 5_002; i++) names.with(`n${i}`).inc();
  assert.ok(metrics.text().includes('names_total{name="other"} 2\n'));
});
