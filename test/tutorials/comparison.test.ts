import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, substitute } from "./comparison.testing.ts";
import { pieces } from "./varying.testing.ts";

const cases: {
  name: string;
  page: string[];
  printed: string[];
  bindings?: Record<string, string>;
  given?: string[];
  /** The bindings afterwards, or the line that is missing. */
  want: Record<string, string> | string;
}[] = [
  { name: "nothing shown is always the same", page: [], printed: ["anything"], want: {} },
  { name: "a line", page: ["pod/http created"], printed: ["pod/http created"], want: {} },
  { name: "another line", page: ["pod/http created"], printed: ["pod/http unchanged"], want: "pod/http created" },
  { name: "columns of another width", page: ["NAME   TYPE"], printed: ["NAME          TYPE"], want: {} },
  {
    name: "lines of a newer client in between",
    page: ["Session Affinity:  None", "Events:  <none>"],
    printed: ["Name: quiz", "Session Affinity:  None", "Internal Traffic Policy: Cluster", "Events:  <none>"],
    want: {},
  },
  { name: "lines in another order", page: ["a", "b"], printed: ["b", "a"], want: "b" },
  { name: "a line shown twice is printed twice", page: ["a", "a"], printed: ["a", "b"], want: "a" },
  {
    name: "part of a line is not the line",
    page: ["Hostname : pod9"],
    printed: ["x Hostname : pod9"],
    want: "Hostname : pod9",
  },
  {
    name: "an address stands for the one that was chosen",
    page: ["quiz 10.106.37.233 80/TCP", "IP: 10.106.37.233"],
    printed: ["quiz 10.96.7.1 80/TCP", "IP: 10.96.7.1"],
    want: { "10.106.37.233": "10.96.7.1" },
  },
  {
    name: "an address once known is not another",
    page: ["IP: 10.106.37.233"],
    printed: ["IP: 10.96.7.2"],
    bindings: { "10.106.37.233": "10.96.7.1" },
    want: "IP: 10.96.7.1",
  },
  {
    name: "different addresses do not stand for the same",
    page: ["quiz 10.0.0.1", "quote 10.0.0.2"],
    printed: ["quiz 10.96.7.1", "quote 10.96.7.1"],
    want: "quote 10.0.0.2",
  },
  {
    name: "the same address twice in a line",
    page: ["10.0.0.1 is 10.0.0.1"],
    printed: ["10.96.7.1 is 10.96.7.2", "10.96.7.3 is 10.96.7.3"],
    want: { "10.0.0.1": "10.96.7.3" },
  },
  {
    name: "an address that the reader gave is printed unchanged",
    page: ["Addresses: 185.199.109.153"],
    printed: ["Addresses: 185.199.109.154"],
    given: ["185.199.109.153"],
    want: "Addresses: 185.199.109.153",
  },
  {
    name: "endpoints in one line stand in any order",
    page: ["Endpoints: 10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more..."],
    printed: ["Endpoints: 10.244.2.3:80,10.244.1.2:80,10.244.0.5:80 + 1 more..."],
    bindings: { "10.0.0.1": "10.244.0.5" },
    want: { "10.0.0.1": "10.244.0.5" },
  },
  {
    name: "a node port that was chosen",
    page: ["80:31535/TCP"],
    printed: ["80:30007/TCP"],
    want: { "31535": "30007" },
  },
  {
    name: "a node port that was given",
    page: ["3000:31000/TCP"],
    printed: ["3000:30007/TCP"],
    given: ["31000"],
    want: "3000:31000/TCP",
  },
  {
    name: "ages, times and nodes are as they are",
    page: ["quote-001 1/1 98s fairlead-2", "at: 2022-01-16T03:03:07Z", "Start Time: Mon, 01 Jan 2024 00:00:00 +0900"],
    printed: [
      "quote-001 1/1 2m3s fairlead-1",
      "at: 2026-11-21T12:00:00Z",
      "Start Time: Sat, 21 Nov 2026 12:00:00 +0000",
    ],
    want: {},
  },
  {
    name: "names that a controller made up",
    page: ["counter-5b8fd6cbd4-x2vqk 1/1", "counter-5b8fd6cbd4 1", "web-x7k2d IPv4"],
    printed: ["counter-7c4d9fb86-bnn5w 1/1", "counter-7c4d9fb86 1", "web-dxlrz IPv4"],
    want: { "5b8fd6cbd4-x2vqk": "7c4d9fb86-bnn5w", "5b8fd6cbd4": "7c4d9fb86", x7k2d: "dxlrz" },
  },
  {
    name: "the rest of a line that is not shown",
    page: ["fairlead-1 Ready ...", "NAME ..."],
    printed: ["fairlead-1 Ready 5s Debian 10.0.0.1", "NAMES", "NAME"],
    want: {},
  },
  {
    name: "what means something to regular expressions means itself",
    page: ["a (b) [c] *.+?$ 1 more..."],
    printed: ["a (b) [c] *.+?$ 1 more..."],
    want: {},
  },
];

for (const { name, page, printed, bindings = {}, given = [], want } of cases) {
  test(`compare: ${name}`, () => {
    const result = compare(page, printed, { bindings: new Map(Object.entries(bindings)), given: new Set(given) });
    assert.deepEqual(result.same ? Object.fromEntries(result.bindings) : result.missing, want);
  });
}

test("substitute puts in what is known, and leaves the rest", () => {
  const bindings = new Map([
    ["10.0.0.1", "10.96.7.1"],
    ["5b8fd6cbd4-x2vqk", "7c4d9fb86-bnn5w"],
  ]);
  assert.equal(
    substitute("curl http://10.0.0.1:80 10.0.0.11 && kubectl logs counter-5b8fd6cbd4-x2vqk", bindings),
    "curl http://10.96.7.1:80 10.0.0.11 && kubectl logs counter-7c4d9fb86-bnn5w",
  );
});

const texts: { text: string; varies: string[] }[] = [
  { text: "quote-canary on quiz-data of pod-a.headless1 in counter-np", varies: [] },
  { text: "5Gi 20Gi 250m 1.35 v1.20.15 4.4.6 80/TCP 3306 36379 29999 32768", varies: ["250m"] },
  { text: "30000:32767/TCP", varies: ["30000", "32767"] },
  { text: "10.96.0.10#53", varies: ["10.96.0.10"] },
  { text: "quote-001 98s 4m51s 3d19h (x2 over 5s)", varies: ["98s", "4m51s", "3d19h", "5s"] },
];

for (const { text, varies } of texts) {
  test(`pieces: ${text}`, () => {
    const found = pieces(text);
    assert.equal(found.map((piece) => piece.text).join(""), text);
    assert.deepEqual(
      found.filter(({ type }) => type !== "plain").map((piece) => piece.text),
      varies,
    );
  });
}
