import assert from "node:assert/strict";
import { test } from "node:test";
import { requestInfo } from "../request-info.ts";
import { withDeprecation } from "./deprecation.ts";
import { textResponse } from "./response.ts";

const warning = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';

const rows = [
  { name: "a list of Endpoints", path: "/api/v1/endpoints", want: warning },
  { name: "one Endpoints", path: "/api/v1/namespaces/default/endpoints/a", want: warning },
  {
    name: "Endpoints that were accepted with a frown",
    path: "/api/v1/namespaces/default/endpoints/a",
    own: '299 - "unknown field"',
    want: `299 - "unknown field", ${warning}`,
  },
  { name: "Pods", path: "/api/v1/pods", want: undefined },
  { name: "what another group calls endpoints", path: "/apis/example.com/v1/endpoints", want: undefined },
];

for (const { name, path, own, want } of rows) {
  test(`${name}: ${want === undefined ? "no warning" : "warned about"}`, () => {
    const info = requestInfo("GET", path, new URLSearchParams());
    assert.equal(info.type, "resource");
    if (info.type !== "resource") return;
    const response = textResponse(200, "ok", own === undefined ? {} : { warning: own });
    assert.equal(withDeprecation(response, info).headers.warning, want);
  });
}
