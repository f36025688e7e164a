import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "@fairlead/lib/metrics";
import { parseQuery } from "./http/parse-query.ts";
import { requestInfo } from "./request-info.ts";
import { type AnsweredRequest, requestMetrics } from "./request-metrics.ts";

function answered(request: string, more: Partial<AnsweredRequest> = {}): AnsweredRequest {
  const [method = "", url = ""] = request.split(" ");
  const [path = "", search = ""] = url.split("?");
  const info = requestInfo(method, path, parseQuery(search));
  return { info, isServed: true, mediaType: "", isDryRun: false, code: 200, seconds: 0.001, ...more };
}

const rows: readonly { readonly request: AnsweredRequest; readonly want: string }[] = [
  {
    request: answered("GET /api/v1/namespaces/shop/pods"),
    want: 'group="",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"',
  },
  {
    request: answered("GET /apis/apps/v1/deployments?watch=1"),
    want: 'group="apps",resource="deployments",scope="cluster",subresource="",verb="WATCH",version="v1"',
  },
  {
    request: answered("PUT /api/v1/namespaces/shop/pods/p/status"),
    want: 'group="",resource="pods",scope="resource",subresource="status",verb="PUT",version="v1"',
  },
  {
    request: answered("PATCH /api/v1/namespaces/shop/configmaps/m", { mediaType: "application/apply-patch+yaml" }),
    want: 'group="",resource="configmaps",scope="resource",subresource="",verb="APPLY",version="v1"',
  },
  {
    request: answered("GET /apis/any/v1/things", { isServed: false }),
    want: 'group="",resource="",scope="",subresource="",verb="LIST",version=""',
  },
  {
    request: answered("BREW /version"),
    want: 'group="",resource="",scope="",subresource="",verb="other",version=""',
  },
];

for (const { request, want } of rows) {
  test(`a request is counted as ${want}`, () => {
    const metrics = createMetrics();
    requestMetrics(metrics).record(request);
    const line = metrics
      .text()
      .split("\n")
      .find((text) => text.startsWith("apiserver_request_total{"));
    assert.equal(line, `apiserver_request_total{code="200",component="apiserver",dry_run="",${want}} 1`);
  });
}

test("durations are counted, those of watches left out, and requests while they are worked on", () => {
  const metrics = createMetrics();
  const requests = requestMetrics(metrics);
  const ended = requests.begun("POST");
  requests.begun("GET");
  assert.match(metrics.text(), /inflight_requests\{request_kind="mutating"\} 1\n.*\{request_kind="readOnly"\} 1\n/);
  ended();
  assert.match(metrics.text(), /inflight_requests\{request_kind="mutating"\} 0\n/);
  requests.record(answered("GET /api/v1/pods", { seconds: 0.3 }));
  requests.record(answered("GET /api/v1/pods?watch=1", { seconds: 900 }));
  const lines = metrics
    .text()
    .split("\n")
    .filter((line) => line.startsWith("apiserver_request_duration_seconds_count"));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /verb="LIST"/);
});
