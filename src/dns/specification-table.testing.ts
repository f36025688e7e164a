/** One question, and the whole answer to it. */
export interface TableRow {
  /** `TYPE name`, without the dot at the end. */
  readonly ask: string;
  /** Code and flags; then records as dig prints them, `authority: ` and `additional: ` before those of these sections. */
  readonly want: readonly string[];
}

/** Questions about one subject. */
export interface TableGroup {
  readonly about: string;
  readonly rows: readonly TableRow[];
}

const YES = "NOERROR qr aa rd ra";
const SOA = "SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5";
const NODATA = [YES, `authority: cluster.local. 5 IN ${SOA}`];
const NXDOMAIN = ["NXDOMAIN qr aa rd ra", `authority: cluster.local. 5 IN ${SOA}`];
/** Not from the cluster. */
const WORLD_SOA = "example.com. 60 IN SOA ns.example.com. admin.example.com. 1 2 3 4 60";
const WORLD_NXDOMAIN = ["NXDOMAIN qr rd ra", `authority: ${WORLD_SOA}`];

const svc = (name: string) => `${name}.shop.svc.cluster.local`;
const a = (name: string, address: string) => `${name}. 5 IN A ${address}`;
const aaaa = (name: string, address: string) => `${name}. 5 IN AAAA ${address}`;
const alias = (name: string, target: string) => `${name}. 5 IN CNAME ${target}.`;
const srv = (name: string, data: string) => `${name}. 5 IN SRV ${data}.`;
const ptr = (name: string, target: string) => `${name}. 5 IN PTR ${target}.`;
const additional = (record: string) => `additional: ${record}`;
const rows = (want: readonly string[], ...asks: readonly string[]): TableRow[] => asks.map((ask) => ({ ask, want }));

const STEPS = (last: number) =>
  Array.from({ length: last + 1 }, (_, i) => last - i).map((i) =>
    alias(svc(`step${i}`), i === 0 ? svc("plain") : svc(`step${i - 1}`)),
  );

/** Kubernetes DNS-Based Service Discovery 1.1.0, section by section, and beside it what CoreDNS's kubernetes plugin does. */
export const SPECIFICATION: readonly TableGroup[] = [
  {
    about: "2.1: comparisons are case-insensitive, and the spelling of the question is kept",
    rows: [
      { ask: "A WEB.Shop.SVC.cluster.LOCAL", want: [YES, a("WEB.Shop.SVC.cluster.LOCAL", "10.96.0.20")] },
      {
        ask: `SRV _HtTp._TCP.Plain.shop.svc.Cluster.Local`,
        want: ["NXDOMAIN qr aa rd ra", `authority: Cluster.Local. 5 IN ${SOA}`],
      },
      { ask: `A DB-0.${svc("db")}`, want: [YES, a(`DB-0.${svc("db")}`, "10.244.0.5")] },
    ],
  },
  {
    about: "2.2: the version of the schema",
    rows: [
      { ask: "TXT dns-version.cluster.local", want: [YES, 'dns-version.cluster.local. 28800 IN TXT "1.1.0"'] },
      ...rows(NODATA, "A dns-version.cluster.local"),
      ...rows(NXDOMAIN, "TXT x.dns-version.cluster.local", "TXT dns-version.svc.cluster.local"),
    ],
  },
  {
    about: "2.3.1: addresses of a Service with ClusterIPs",
    rows: [
      { ask: `A ${svc("web")}`, want: [YES, a(svc("web"), "10.96.0.20")] },
      { ask: `AAAA ${svc("web")}`, want: [YES, aaaa(svc("web"), "fd00:10:96::20")] },
      ...rows(NODATA, `AAAA ${svc("plain")}`, `A ${svc("pending")}`, `TXT ${svc("web")}`, `MX ${svc("web")}`),
      ...rows(NODATA, `TYPE65 ${svc("web")}`, `TYPE43 ${svc("web")}`, `CNAME ${svc("web")}`, `SOA ${svc("web")}`),
      ...rows(NODATA, `NS ${svc("web")}`, `PTR ${svc("web")}`),
      { ask: `A 10-244-0-3.${svc("web")}`, want: [YES, a(`10-244-0-3.${svc("web")}`, "10.244.0.3")] },
    ],
  },
  {
    about: "2.3.2: ports of a Service with ClusterIPs",
    rows: [
      {
        ask: `SRV _http._tcp.${svc("web")}`,
        want: [
          YES,
          srv(`_http._tcp.${svc("web")}`, `0 100 80 ${svc("web")}`),
          additional(a(svc("web"), "10.96.0.20")),
          additional(aaaa(svc("web"), "fd00:10:96::20")),
        ],
      },
      {
        ask: `SRV _dns._udp.${svc("web")}`,
        want: [
          YES,
          srv(`_dns._udp.${svc("web")}`, `0 100 53 ${svc("web")}`),
          additional(a(svc("web"), "10.96.0.20")),
          additional(aaaa(svc("web"), "fd00:10:96::20")),
        ],
      },
      {
        ask: `SRV ${svc("plain")}`,
        want: [YES, srv(svc("plain"), `0 100 8080 ${svc("plain")}`), additional(a(svc("plain"), "10.96.0.21"))],
      },
      ...rows(NODATA, `A _http._tcp.${svc("web")}`, `SRV _tcp.${svc("web")}`, `A _udp.${svc("web")}`),
      ...rows(NXDOMAIN, `SRV _http._udp.${svc("web")}`, `SRV _other._tcp.${svc("web")}`, `SRV _sctp.${svc("web")}`),
      ...rows(NXDOMAIN, `SRV _tcp.${svc("plain")}`, `SRV _._tcp.${svc("plain")}`, `SRV http.tcp.${svc("web")}`),
      ...rows(NXDOMAIN, `SRV _http._tcp.x.${svc("web")}`),
    ],
  },
  {
    about: "2.3.3: names of ClusterIPs",
    rows: [
      { ask: "PTR 20.0.96.10.in-addr.arpa", want: [YES, ptr("20.0.96.10.in-addr.arpa", svc("web"))] },
      {
        ask: `PTR ${"0.2.".padEnd(40, "0.")}6.9.0.0.0.1.0.0.0.0.D.F.ip6.arpa`,
        want: [YES, ptr(`${"0.2.".padEnd(40, "0.")}6.9.0.0.0.1.0.0.0.0.D.F.ip6.arpa`, svc("web"))],
      },
      {
        ask: "A 20.0.96.10.in-addr.arpa",
        want: [YES, `authority: in-addr.arpa. 5 IN ${SOA.replaceAll("cluster.local", "in-addr.arpa")}`],
      },
    ],
  },
  {
    about: "2.4.1: addresses of a headless Service",
    rows: [
      { ask: `A ${svc("db")}`, want: [YES, a(svc("db"), "10.244.0.5"), a(svc("db"), "10.244.0.6")] },
      { ask: `AAAA ${svc("db")}`, want: [YES, aaaa(svc("db"), "fd00:10:244::5")] },
      { ask: `A db-0.${svc("db")}`, want: [YES, a(`db-0.${svc("db")}`, "10.244.0.5")] },
      { ask: `AAAA db-0.${svc("db")}`, want: [YES, aaaa(`db-0.${svc("db")}`, "fd00:10:244::5")] },
      { ask: `A 10-244-0-6.${svc("db")}`, want: [YES, a(`10-244-0-6.${svc("db")}`, "10.244.0.6")] },
      {
        ask: `A same.${svc("twins")}`,
        want: [YES, a(`same.${svc("twins")}`, "10.244.2.1"), a(`same.${svc("twins")}`, "10.244.2.2")],
      },
      {
        ask: `AAAA fd00-10-244-1--0.${svc("also")}`,
        want: [YES, aaaa(`fd00-10-244-1--0.${svc("also")}`, "fd00:10:244:1::")],
      },
      ...rows(NODATA, `AAAA 10-244-0-6.${svc("db")}`, `AAAA ${svc("twins")}`),
      ...rows(NXDOMAIN, `A ${svc("unready")}`, `AAAA ${svc("unready")}`, `A ${svc("nobody")}`, `SRV ${svc("nobody")}`),
      ...rows(NXDOMAIN, `A 10-244-0-7.${svc("db")}`, `A 10-244-0-5.${svc("db")}`, `A db-1.${svc("db")}`),
      ...rows(NXDOMAIN, `A x.db-0.${svc("db")}`),
    ],
  },
  {
    about: "2.4.2: ports of a headless Service",
    rows: [
      {
        ask: `SRV _http._tcp.${svc("db")}`,
        want: [
          YES,
          srv(`_http._tcp.${svc("db")}`, `0 50 8080 db-0.${svc("db")}`),
          srv(`_http._tcp.${svc("db")}`, `0 50 8080 10-244-0-6.${svc("db")}`),
          additional(a(`db-0.${svc("db")}`, "10.244.0.5")),
          additional(aaaa(`db-0.${svc("db")}`, "fd00:10:244::5")),
          additional(a(`10-244-0-6.${svc("db")}`, "10.244.0.6")),
        ],
      },
      {
        ask: `SRV _http._tcp.${svc("twins")}`,
        want: [
          YES,
          srv(`_http._tcp.${svc("twins")}`, `0 100 80 same.${svc("twins")}`),
          additional(a(`same.${svc("twins")}`, "10.244.2.1")),
          additional(a(`same.${svc("twins")}`, "10.244.2.2")),
        ],
      },
      ...rows(NODATA, `SRV ${svc("also")}`, `SRV db-0.${svc("db")}`),
      ...rows(NXDOMAIN, `SRV _http._tcp.${svc("also")}`, `SRV _http._tcp.${svc("unready")}`),
    ],
  },
  {
    about: "2.4.3: names of endpoints",
    rows: [
      { ask: "PTR 5.0.244.10.in-addr.arpa", want: [YES, ptr("5.0.244.10.in-addr.arpa", `db-0.${svc("db")}`)] },
      {
        ask: "PTR 6.0.244.10.in-addr.arpa",
        want: [
          YES,
          ptr("6.0.244.10.in-addr.arpa", `10-244-0-6.${svc("db")}`),
          ptr("6.0.244.10.in-addr.arpa", `10-244-0-6.${svc("also")}`),
        ],
      },
      { ask: "PTR 3.0.244.10.in-addr.arpa", want: [YES, ptr("3.0.244.10.in-addr.arpa", `10-244-0-3.${svc("web")}`)] },
      ...rows(
        WORLD_NXDOMAIN,
        "PTR 7.0.244.10.in-addr.arpa",
        "PTR 0.244.10.in-addr.arpa",
        "PTR 05.0.244.10.in-addr.arpa",
      ),
      ...rows(WORLD_NXDOMAIN, "PTR x.5.0.244.10.in-addr.arpa", "PTR in-addr.arpa", "PTR 1.ip6.arpa"),
    ],
  },
  {
    about: "2.5: ExternalName, followed where its name is known",
    rows: [
      { ask: `CNAME ${svc("outside")}`, want: [YES, alias(svc("outside"), "www.example.com")] },
      {
        ask: `A ${svc("outside")}`,
        want: [YES, alias(svc("outside"), "www.example.com"), "www.example.com. 300 IN A 192.0.2.53"],
      },
      {
        ask: `AAAA ${svc("outside")}`,
        want: [YES, alias(svc("outside"), "www.example.com"), `authority: ${WORLD_SOA}`],
      },
      {
        ask: `A ${svc("astray")}`,
        want: ["NXDOMAIN qr aa rd ra", alias(svc("astray"), "none.example.com"), `authority: ${WORLD_SOA}`],
      },
      { ask: `A ${svc("inside")}`, want: [YES, alias(svc("inside"), svc("web")), a(svc("web"), "10.96.0.20")] },
      {
        ask: `A ${svc("dangling")}`,
        want: ["NXDOMAIN qr aa rd ra", alias(svc("dangling"), svc("none")), `authority: cluster.local. 5 IN ${SOA}`],
      },
      {
        ask: `TXT ${svc("inside")}`,
        want: [YES, alias(svc("inside"), svc("web")), `authority: cluster.local. 5 IN ${SOA}`],
      },
      ...rows(NXDOMAIN, `A x.${svc("outside")}`, `SRV _http._tcp.${svc("outside")}`, `CNAME x.x.${svc("outside")}`),
      // Kubernetes: names that resemble addresses are not resolved.
      ...rows(NXDOMAIN, `A ${svc("numeric")}`, `CNAME ${svc("numeric")}`),
      { ask: `CNAME ${svc("numeric6")}`, want: [YES, alias(svc("numeric6"), "2001-db8--1")] },
      { ask: `A ${svc("step10")}`, want: [YES, ...STEPS(10), a(svc("plain"), "10.96.0.21")] },
      ...rows(["SERVFAIL qr rd ra"], `A ${svc("step11")}`, `A ${svc("self")}`, `A ${svc("there")}`),
      { ask: `CNAME ${svc("self")}`, want: [YES, alias(svc("self"), svc("self"))] },
    ],
  },
  {
    about: "names between, which hold nothing, and names that are not there (RFC 8020)",
    rows: [
      ...rows(NODATA, "A cluster.local", "A svc.cluster.local", "A pod.cluster.local", "A dns.cluster.local"),
      ...rows(NODATA, "A empty.svc.cluster.local", "NS empty.svc.cluster.local", "A shop.pod.cluster.local"),
      ...rows(NXDOMAIN, "A none.svc.cluster.local", "A none.pod.cluster.local", "A x.none.svc.cluster.local"),
      ...rows(NXDOMAIN, `A ${svc("none")}`, `AAAA ${svc("none")}`, `TXT ${svc("none")}`, `A x.${svc("none")}`),
      ...rows(NXDOMAIN, "A none.cluster.local", "NS none.cluster.local", "A web.shop.cluster.local"),
      ...rows(NXDOMAIN, "A 10.96.0.20.cluster.local", "A www.example.com.shop.svc.cluster.local"),
    ],
  },
  {
    about: "wildcards, which CoreDNS 1.9 dropped",
    rows: rows(
      NXDOMAIN,
      "A *.shop.svc.cluster.local",
      "A any.shop.svc.cluster.local",
      "A web.*.svc.cluster.local",
      "A web.any.svc.cluster.local",
      `A *.${svc("db")}`,
      `SRV _any._tcp.${svc("web")}`,
      `SRV *._tcp.${svc("web")}`,
      `SRV _http._any.${svc("web")}`,
    ),
  },
  {
    about: "names of pods, made from their addresses",
    rows: [
      { ask: "A 10-244-3-4.shop.pod.cluster.local", want: [YES, a("10-244-3-4.shop.pod.cluster.local", "10.244.3.4")] },
      { ask: "AAAA fd00--4.shop.pod.cluster.local", want: [YES, aaaa("fd00--4.shop.pod.cluster.local", "fd00::4")] },
      ...rows(NODATA, "AAAA 10-244-3-4.shop.pod.cluster.local", "A fd00--4.shop.pod.cluster.local"),
      ...rows(NXDOMAIN, "A 10-244-3-4.none.pod.cluster.local", "A web.shop.pod.cluster.local"),
      ...rows(NXDOMAIN, "A 10-244-3-400.shop.pod.cluster.local", "A 010-244-3-4.shop.pod.cluster.local"),
      ...rows(NXDOMAIN, "A x.10-244-3-4.shop.pod.cluster.local", "AAAA fd00-4.shop.pod.cluster.local"),
    ],
  },
  {
    about: "the zone and its server",
    rows: [
      { ask: "SOA cluster.local", want: [YES, `cluster.local. 5 IN ${SOA}`] },
      {
        ask: "NS cluster.local",
        want: [
          YES,
          "cluster.local. 5 IN NS ns.dns.cluster.local.",
          additional(a("ns.dns.cluster.local", "10.96.0.10")),
        ],
      },
      { ask: "A ns.dns.cluster.local", want: [YES, a("ns.dns.cluster.local", "10.96.0.10")] },
      ...rows(NODATA, "AAAA ns.dns.cluster.local"),
      ...rows(NXDOMAIN, "A x.ns.dns.cluster.local", "A ns.cluster.local"),
    ],
  },
  {
    about: "ANY is answered with one RRset (RFC 8482 4.1)",
    rows: [
      { ask: `ANY ${svc("web")}`, want: [YES, a(svc("web"), "10.96.0.20")] },
      { ask: "ANY cluster.local", want: [YES, `cluster.local. 5 IN ${SOA}`] },
      { ask: `ANY ${svc("outside")}`, want: [YES, alias(svc("outside"), "www.example.com")] },
      { ask: "ANY 20.0.96.10.in-addr.arpa", want: [YES, ptr("20.0.96.10.in-addr.arpa", svc("web"))] },
      ...rows(NODATA, "ANY empty.svc.cluster.local"),
      ...rows(NXDOMAIN, `ANY ${svc("none")}`),
    ],
  },
  {
    about: "zone transfers are refused",
    rows: rows(
      ["REFUSED qr rd ra"],
      "AXFR cluster.local",
      "IXFR cluster.local",
      `AXFR ${svc("web")}`,
      "AXFR example.com",
    ),
  },
  {
    about: "names with dots and spaces inside labels are names of their own (RFC 1035 5.1)",
    rows: [
      ...rows(NXDOMAIN, String.raw`A web\046shop.svc.cluster.local`, String.raw`A web\032.shop.svc.cluster.local`),
      ...rows(NXDOMAIN, String.raw`A \000web.shop.svc.cluster.local`, String.raw`A 10\0462443.shop.pod.cluster.local`),
      // Below "local", and so not ours.
      ...rows(WORLD_NXDOMAIN, String.raw`A web.shop.svc\046cluster.local`, String.raw`A x\046cluster.local`),
    ],
  },
  {
    about: "names of the world are relayed, without authority",
    rows: [
      { ask: "A www.example.com", want: ["NOERROR qr rd ra", "www.example.com. 300 IN A 192.0.2.53"] },
      { ask: "AAAA www.example.com", want: ["NOERROR qr rd ra", `authority: ${WORLD_SOA}`] },
      ...rows(WORLD_NXDOMAIN, "A none.example.com", "A xcluster.local", "A local"),
    ],
  },
];
