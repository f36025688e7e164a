import type { Escape, RequestAttempt } from "./escape.testing.ts";

const SHOP = "/api/v1/namespaces/shop";
const ADDRESSES = "CVE-2020-8561 kin: the proxies reach no address of the server itself";

function row(
  name: string,
  rule: string,
  as: Escape["as"],
  attempt: RequestAttempt,
  code: number,
  says?: RegExp,
): Escape {
  return { name, rule, as, attempt, want: { code, ...(says === undefined ? {} : { says }) } };
}

const notAllowed = /address not allowed/;
const endpoints = (ip: string) => ({
  metadata: { name: "evil" },
  subsets: [{ addresses: [{ ip }], ports: [{ port: 80 }] }],
});
const slice = (address: string, addressType = "IPv4") => ({
  metadata: { name: "evil", labels: { "kubernetes.io/service-name": "web" } },
  addressType,
  endpoints: [{ addresses: [address] }],
  ports: [{ port: 80 }],
});
const SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

/** Ways through the API server to where it alone can go. */
export const proxyEscapes: readonly Escape[] = [
  row(
    "a pod whose address is loopback",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/pods/at-loopback:22/proxy/` },
    400,
    notAllowed,
  ),
  row(
    "a pod whose address is the cloud's metadata",
    "CVE-2020-8555: link-local addresses",
    "admin",
    { path: `${SHOP}/pods/at-metadata:80/proxy/latest/meta-data/` },
    400,
    notAllowed,
  ),
  row(
    "a pod whose address is loopback mapped to IPv6",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/pods/at-mapped-loopback:22/proxy/` },
    400,
    notAllowed,
  ),
  row(
    "a pod's port that is no port",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/pods/at-metadata:99999/proxy/` },
    400,
    notAllowed,
  ),
  row(
    "a pod's name with another host in it",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/pods/http:web-1@169.254.169.254:80/proxy/` },
    404,
  ),
  row(
    "a pod by the scheme file",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/pods/file:web-1:80/proxy/etc/passwd` },
    400,
    /invalid pod request/,
  ),
  row(
    "a Service that is not there, named like a host",
    ADDRESSES,
    "admin",
    { path: `${SHOP}/services/http:169.254.169.254:80/proxy/` },
    404,
  ),
  row(
    "a Node whose address is loopback, on a port of its own choice",
    "CVE-2022-3294: Node addresses are verified",
    "admin",
    { path: "/api/v1/nodes/node-1:22/proxy/" },
    400,
    notAllowed,
  ),
  row(
    "Endpoints at loopback",
    "Kubernetes: validation of Endpoints addresses",
    "admin",
    { method: "POST", path: `${SHOP}/endpoints`, body: endpoints("127.0.0.1") },
    422,
    /may not be in the loopback range/,
  ),
  row(
    "Endpoints at link-local",
    "Kubernetes: validation of Endpoints addresses",
    "admin",
    { method: "POST", path: `${SHOP}/endpoints`, body: endpoints("169.254.169.254") },
    422,
    /may not be in the link-local range/,
  ),
  row(
    "an EndpointSlice at loopback",
    "Kubernetes: validation of EndpointSlice addresses",
    "admin",
    { method: "POST", path: SLICES, body: slice("127.0.0.1") },
    422,
    /may not be in the loopback range/,
  ),
  row(
    "an EndpointSlice at link-local",
    "Kubernetes: validation of EndpointSlice addresses",
    "admin",
    { method: "POST", path: SLICES, body: slice("169.254.169.254") },
    422,
    /may not be in the link-local range/,
  ),
  row(
    "an EndpointSlice at mapped loopback",
    "Kubernetes: validation of EndpointSlice addresses",
    "admin",
    { method: "POST", path: SLICES, body: slice("::ffff:127.0.0.1", "IPv6") },
    422,
  ),
  row(
    "the owner of a namespace writes EndpointSlices",
    "CVE-2021-25740: Endpoints of others",
    "owner",
    { method: "POST", path: SLICES, body: slice("192.0.2.1") },
    403,
    /cannot create/,
  ),
  row(
    "jane through the proxy of a Node",
    "RBAC: nodes/proxy",
    "jane",
    { path: "/api/v1/nodes/node-1/proxy/pods" },
    403,
    /nodes\/proxy/,
  ),
  row(
    "the owner of a namespace through the proxy of a Node",
    "RBAC: nodes/proxy",
    "owner",
    { path: "/api/v1/nodes/node-1/proxy/pods" },
    403,
    /nodes\/proxy/,
  ),
  row(
    "an encoded slash before proxy",
    "RBAC: nodes/proxy",
    "jane",
    { path: "/api/v1/nodes/node-1%2Fproxy/pods" },
    403,
    /"reason":"Forbidden"/,
  ),
  row(
    "dots behind a proxy lead to another Node's",
    "RBAC: nodes/proxy",
    "jane",
    { path: `${SHOP}/pods/web-1/proxy/../../../../nodes/node-1/proxy/pods` },
    403,
    /pods\/proxy/,
  ),
  row(
    "jane's port-forward",
    "RBAC: pods/portforward",
    "jane",
    { method: "POST", path: `${SHOP}/pods/web-1/portforward` },
    403,
    /pods\/portforward/,
  ),
  row(
    "jane's exec by GET, as WebSockets ask",
    "RBAC: pods/exec",
    "jane",
    {
      path: `${SHOP}/pods/web-1/exec?command=id`,
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Version", "13"],
        ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="],
      ],
    },
    403,
  ),
  row(
    "a reader's exec by GET",
    "RBAC: get of pods/exec",
    "clerk",
    { path: `${SHOP}/pods/web-1/exec?command=id` },
    403,
    /pods\/exec/,
  ),
  row(
    "a failed upgrade leaves no open tunnel to the kubelet",
    "CVE-2018-1002105",
    "admin",
    {
      path: `${SHOP}/pods/web-1/exec?command=id&stdout=1`,
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "SPDY/3.1"],
      ],
    },
    404,
  ),
  row(
    "a hop-by-hop header takes the caller's identity away",
    "CVE-2022-31813: Connection names headers",
    "jane",
    { path: `${SHOP}/secrets`, headers: [["Connection", "close, X-Remote-User, Authorization"]] },
    403,
    /User \\"jane\\"/,
  ),
];
