import assert from "node:assert/strict";
import { test } from "node:test";
import { requestInfo } from "./request-info.ts";

const rows: readonly { name: string; request: string; want: string }[] = [
  { name: "a core collection", request: "GET /api/v1/pods", want: "list core/v1 pods" },
  { name: "a collection in a namespace", request: "GET /api/v1/namespaces/a/pods", want: "list core/v1 pods ns=a in" },
  { name: "one object", request: "GET /api/v1/namespaces/a/pods/p", want: "get core/v1 pods ns=a name=p in" },
  { name: "a watch", request: "GET /api/v1/pods?watch=1", want: "watch core/v1 pods" },
  { name: "watch=false lists", request: "GET /api/v1/pods?watch=false", want: "list core/v1 pods" },
  { name: "the old watch path", request: "GET /api/v1/watch/pods", want: "watch core/v1 pods" },
  {
    name: "a subresource",
    request: "PUT /api/v1/namespaces/a/pods/p/status",
    want: "update core/v1 pods/status ns=a name=p in",
  },
  {
    name: "the rest of a proxy path",
    request: "GET /api/v1/nodes/n/proxy/metrics/x",
    want: "get core/v1 nodes/proxy name=n rest=metrics/x",
  },
  { name: "a namespace itself", request: "GET /api/v1/namespaces/a", want: "get core/v1 namespaces ns=a name=a" },
  {
    name: "a namespace's finalize",
    request: "PUT /api/v1/namespaces/a/finalize",
    want: "update core/v1 namespaces/finalize ns=a name=a",
  },
  {
    name: "deleting a collection",
    request: "DELETE /api/v1/namespaces/a/pods",
    want: "deletecollection core/v1 pods ns=a in",
  },
  {
    name: "a group",
    request: "PATCH /apis/apps/v1/namespaces/a/deployments/d",
    want: "patch apps/v1 deployments ns=a name=d in",
  },
  {
    name: "a list of one name",
    request: "GET /api/v1/pods?fieldSelector=metadata.name%3Dp",
    want: "list core/v1 pods name=p",
  },
  {
    name: "a selector with escapes, whose terms cannot be distinguished from values",
    request: "GET /api/v1/pods?fieldSelector=status.phase!%3Da%5C%2Cmetadata.name%3Dp",
    want: "list core/v1 pods",
  },
  {
    name: "the old watch path of a subresource",
    request: "POST /api/v1/watch/namespaces/a/pods/p/status",
    want: "watch core/v1 pods/status ns=a name=p in",
  },
  {
    name: "the old proxy path",
    request: "GET /api/v1/proxy/nodes/n",
    want: "proxy core/v1 nodes name=n",
  },
  {
    name: "encoded slashes, which separate segments too",
    request: "GET /api/v1/namespaces/a/pods/p%2Flog",
    want: "get core/v1 pods/log ns=a name=p in",
  },
  { name: "slashes around the path", request: "GET //api/v1/pods//", want: "list core/v1 pods" },
  {
    name: "an empty segment for a namespace, which leaves the whole cluster",
    request: "GET /api/v1/namespaces//secrets",
    want: "list core/v1 secrets in",
  },
  {
    name: "an empty segment for a version, which moves the rest",
    request: "GET /api//v1//secrets",
    want: "list core/ v1/secrets",
  },
  { name: "a subresource of nothing", request: "GET /api/v1/pods//log", want: "list core/v1 pods/log" },
  {
    name: "a method without a verb",
    request: "OPTIONS /api/v1/namespaces/a/pods/p/proxy",
    want: " core/v1 pods/proxy ns=a name=p in",
  },
  {
    name: "a list of one name that no path can have",
    request: "GET /api/v1/pods?fieldSelector=metadata.name%3D..",
    want: "list core/v1 pods",
  },
  {
    name: "a list of one name with a slash",
    request: "GET /api/v1/pods?fieldSelector=metadata.name%3Da%2Fb",
    want: "list core/v1 pods",
  },
  {
    name: "bytes that are no UTF-8, which separate nothing",
    request: "GET /api/v1/nodes/n/proxy/caf%E9%2Fx%C0%AFy",
    want: "get core/v1 nodes/proxy name=n rest=caf\uFFFD/x\uFFFD\uFFFDy",
  },
  {
    name: "characters beside such bytes",
    request: "GET /caf%C3%A9/%E9/%f0%9f%8d%8a",
    want: "path get /café/\uFFFD/🍊",
  },
  { name: "a group's discovery", request: "GET /apis/apps/v1", want: "path get /apis/apps/v1" },
  { name: "health", request: "GET /healthz", want: "path get /healthz" },
  { name: "the root", request: "GET /", want: "path get /" },
];

for (const row of rows) {
  test(`requestInfo reads ${row.name}`, () => {
    const [method = "", target = ""] = row.request.split(" ");
    const [path = "", query] = target.split("?");
    assert.equal(shown(requestInfo(method, path, new URLSearchParams(query))), row.want);
  });
}

for (const path of ["/%", "/a%2", "/%zz", "/%E9/%E", "/caf%C3%A9%"]) {
  test(`requestInfo refuses ${path}, in which a percent sign encodes nothing`, () => {
    assert.throws(() => requestInfo("GET", path, new URLSearchParams()), URIError);
  });
}

function shown(info: ReturnType<typeof requestInfo>): string {
  if (info.type === "path") return `path ${info.verb} ${info.path}`;
  const resource = info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
  return [
    `${info.verb} ${info.group === "" ? "core" : info.group}/${info.version} ${resource}`,
    info.namespace && `ns=${info.namespace}`,
    info.name && `name=${info.name}`,
    info.rest && `rest=${info.rest}`,
    info.inNamespace && "in",
  ]
    .filter((part) => part !== "" && part !== false)
    .join(" ");
}
