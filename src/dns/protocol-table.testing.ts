/** A message, and the whole answer to it. */
export interface ProtocolRow {
  readonly about: string;
  readonly message: Uint8Array;
  /** Code and flags, the OPT record, then the records; undefined: no answer. */
  readonly want: readonly string[] | undefined;
}

const A = 1;
const SOA = "SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5";
const PLAIN = "plain.shop.svc.cluster.local";
const ANSWER = `${PLAIN}. 5 IN A 10.96.0.21`;
const YES = ["NOERROR qr aa rd ra", ANSWER];
const EDNS = "version 0, flags, udp 1232";
const YES_EDNS = ["NOERROR qr aa rd ra", EDNS, ANSWER];
const FORMERR = ["FORMERR qr rd ra"];

/** The parts of a message, with the ones of a usual query by default. */
interface MessageParts {
  readonly flags?: number;
  readonly questions?: number;
  /** Records of answer, authority and additional section. */
  readonly counts?: readonly [number, number, number];
  /** Labels of the question's name. */
  readonly labels?: readonly (string | Uint8Array)[];
  readonly type?: number;
  readonly class?: number;
  /** Instead of name, type and class. */
  readonly body?: Uint8Array;
  /** What follows the question. */
  readonly rest?: readonly Uint8Array[];
}

/** The id of every message here. */
const ID = 0x1234;
const RD = 0x0100;

function message(parts: MessageParts = {}): Uint8Array {
  const { flags = RD, questions = 1, labels = PLAIN.split("."), type = A, rest = [] } = parts;
  const { counts = [0, 0, rest.length] } = parts;
  const header = [ID, flags, questions, ...counts].flatMap((n) => [n >> 8, n & 0xff]);
  const body = parts.body ?? Buffer.concat([nameBytes(labels), bytes(0, type, 0, parts.class ?? 1)]);
  return Buffer.concat([bytes(...header), body, ...rest]);
}

function nameBytes(labels: readonly (string | Uint8Array)[]): Uint8Array {
  const parts = labels.map((label) => Buffer.from(label)).flatMap((label) => [bytes(label.length), label]);
  return Buffer.concat([...parts, bytes(0)]);
}

function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** The parts of an OPT record. */
interface OptParts {
  readonly name?: Uint8Array;
  readonly udpBytes?: number;
  readonly version?: number;
  readonly flags?: number;
  readonly options?: Uint8Array;
}

function opt({
  name = bytes(0),
  udpBytes = 1_232,
  version = 0,
  flags = 0,
  options = bytes(),
}: OptParts = {}): Uint8Array {
  const fixed = [0, 41, udpBytes >> 8, udpBytes & 0xff, 0, version, flags >> 8, flags & 0xff, 0, options.length];
  return Buffer.concat([name, bytes(...fixed), options]);
}

const option = (code: number, ...data: number[]) => bytes(0, code, 0, data.length, ...data);
const COOKIE = option(10, 1, 2, 3, 4, 5, 6, 7, 8);
/** A whole record that is no OPT: an address of the root. */
const RECORD = bytes(0, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 1);
const CLUSTER = ["cluster", "local"];
/** A name of this many bytes on the wire, below `cluster.local` (15 bytes). */
const longName = (wireBytes: number) => {
  const labels: string[] = [];
  for (let left = wireBytes - 15; left > 0; left -= 64) labels.push("a".repeat(Math.min(63, left - 1)));
  return [...labels, ...CLUSTER];
};

const operations: readonly ProtocolRow[] = [
  { about: "a query", message: message(), want: YES },
  { about: "no RD: answered all the same", message: message({ flags: 0 }), want: ["NOERROR qr aa ra", ANSWER] },
  {
    about: "CD is copied (RFC 4035 3.2.2)",
    message: message({ flags: RD | 0x10 }),
    want: ["NOERROR qr aa rd ra cd", ANSWER],
  },
  { about: "AD of a query says nothing here", message: message({ flags: RD | 0x20 }), want: YES },
  { about: "Z is ignored", message: message({ flags: RD | 0x40 }), want: YES },
  { about: "AA, TC, RA and an rcode of a query are ignored", message: message({ flags: RD | 0x0683 }), want: YES },
  { about: "a response is never answered", message: message({ flags: 0x8100 }), want: undefined },
  ...[1, 2, 3, 4, 5, 6, 15].map((opcode) => ({
    about: `opcode ${opcode} is not implemented`,
    message: message({ flags: RD | (opcode << 11) }),
    want: ["NOTIMP qr rd ra"],
  })),
  {
    about: "UPDATE is not implemented, whatever its sections hold (RFC 2136)",
    message: message({ flags: 5 << 11, questions: 1, counts: [1, 2, 0] }),
    want: ["NOTIMP qr ra"],
  },
  {
    about: "STATUS without a question",
    message: message({ flags: 2 << 11, questions: 0, body: bytes() }),
    want: ["NOTIMP qr ra"],
  },
];

const questions: readonly ProtocolRow[] = [
  { about: "no question (RFC 9619)", message: message({ questions: 0, body: bytes() }), want: FORMERR },
  {
    about: "no question, and a cookie",
    message: message({ questions: 0, body: bytes(), rest: [opt({ options: COOKIE })] }),
    want: FORMERR,
  },
  {
    about: "two questions (RFC 9619)",
    message: message({
      questions: 2,
      rest: [Buffer.concat([nameBytes(CLUSTER), bytes(0, 1, 0, 1)])],
      counts: [0, 0, 0],
    }),
    want: FORMERR,
  },
  ...[2, 3, 4, 254, 255].map((number) => ({
    about: `class ${number} is refused`,
    message: message({ class: number }),
    want: ["REFUSED qr rd ra"],
  })),
  {
    about: "another class of an address's name is refused",
    message: message({ labels: ["20", "0", "96", "10", "in-addr", "arpa"], type: 12, class: 3 }),
    want: ["REFUSED qr rd ra"],
  },
  {
    about: "another class of a name of the world is refused, with its EDNS",
    message: message({ labels: ["version", "bind"], type: 16, class: 3, rest: [opt()] }),
    want: ["REFUSED qr rd ra", EDNS],
  },
  {
    about: "a name of 255 bytes",
    message: message({ labels: longName(255) }),
    want: ["NXDOMAIN qr aa rd ra", `authority: cluster.local. 5 IN ${SOA}`],
  },
  { about: "a name of 256 bytes", message: message({ labels: longName(256) }), want: FORMERR },
  {
    about: "a label of 63 bytes",
    message: message({ labels: ["a".repeat(63), ...CLUSTER] }),
    want: ["NXDOMAIN qr aa rd ra", `authority: cluster.local. 5 IN ${SOA}`],
  },
  { about: "a label of 64 bytes", message: message({ labels: ["a".repeat(64), ...CLUSTER] }), want: FORMERR },
  { about: "a label of another form", message: message({ body: bytes(0x41, 1, 0, 0, 1, 0, 1) }), want: FORMERR },
  { about: "a name that points to itself", message: message({ body: bytes(0xc0, 12, 0, 1, 0, 1) }), want: FORMERR },
  {
    about: "a name that goes in a circle",
    message: message({ body: bytes(1, 97, 0xc0, 12, 0, 1, 0, 1) }),
    want: FORMERR,
  },
  {
    about: "a name that points into the header",
    message: message({ body: bytes(1, 97, 0xc0, 4, 0, 1, 0, 1) }),
    want: FORMERR,
  },
  {
    about: "a name that points behind the message",
    message: message({ body: bytes(1, 97, 0xff, 0xff, 0, 1, 0, 1) }),
    want: FORMERR,
  },
  { about: "a question that ends in its name", message: message({ body: bytes(5, 97) }), want: FORMERR },
  { about: "a question that ends in its type", message: message({ body: bytes(1, 97, 0, 0) }), want: FORMERR },
  { about: "a header and nothing else", message: message({ body: bytes() }), want: FORMERR },
  { about: "half a header", message: message().subarray(0, 11), want: undefined },
  { about: "nothing", message: bytes(), want: undefined },
  {
    about: "letters are folded, and no others (RFC 4343)",
    message: message({ labels: [bytes(0x7b, 0x5b, 0xc1), ...CLUSTER] }),
    want: ["NXDOMAIN qr aa rd ra", `authority: cluster.local. 5 IN ${SOA}`],
  },
];

const options: readonly ProtocolRow[] = [
  { about: "EDNS is answered with EDNS (RFC 6891 6.1.1)", message: message({ rest: [opt()] }), want: YES_EDNS },
  {
    about: "DO is copied (RFC 3225 3)",
    message: message({ rest: [opt({ flags: 0x8000 })] }),
    want: ["NOERROR qr aa rd ra", "version 0, flags do, udp 1232", ANSWER],
  },
  { about: "other flags of EDNS are not", message: message({ rest: [opt({ flags: 0x7fff })] }), want: YES_EDNS },
  {
    about: "a cookie of the client is ignored (RFC 7873 5.2)",
    message: message({ rest: [opt({ options: COOKIE })] }),
    want: YES_EDNS,
  },
  {
    about: "a pad is ignored (RFC 7830)",
    message: message({ rest: [opt({ options: option(12, 0, 0, 0) })] }),
    want: YES_EDNS,
  },
  {
    about: "a subnet of the client is ignored (RFC 7871)",
    message: message({ rest: [opt({ options: option(8, 0, 1, 24, 0, 10, 0, 0) })] }),
    want: YES_EDNS,
  },
  {
    about: "an unknown option is ignored (RFC 6891 6.1.2)",
    message: message({ rest: [opt({ options: bytes(0xfd, 0xe9, 0, 0) })] }),
    want: YES_EDNS,
  },
  ...[1, 255].map((version) => ({
    about: `EDNS version ${version} (RFC 6891 6.1.3)`,
    message: message({ rest: [opt({ version })] }),
    want: ["BADVERS qr rd ra", EDNS],
  })),
  { about: "two OPT records (RFC 6891 6.1.1)", message: message({ rest: [opt(), opt()] }), want: FORMERR },
  {
    about: "an OPT record that is not of the root",
    message: message({ rest: [opt({ name: nameBytes(["a"]) })] }),
    want: FORMERR,
  },
  { about: "an OPT record among the answers", message: message({ rest: [opt()], counts: [1, 0, 0] }), want: FORMERR },
  {
    about: "an option longer than its record",
    message: message({ rest: [opt({ options: bytes(0, 10, 0, 9, 1) })] }),
    want: FORMERR,
  },
  { about: "half an option", message: message({ rest: [opt({ options: bytes(0, 10, 0) })] }), want: FORMERR },
  { about: "an OPT record that is counted and missing", message: message({ counts: [0, 0, 1] }), want: FORMERR },
  { about: "other records beside EDNS are ignored", message: message({ rest: [RECORD, opt()] }), want: YES_EDNS },
  {
    about: "records behind the last one that is counted are ignored",
    message: message({ rest: [opt()], counts: [0, 0, 0] }),
    want: YES,
  },
];

/** The protocol: RFC 1035, 2136, 3225, 4343, 6891, 7873 and 9619, as far as a server meets them. */
export const PROTOCOL: readonly ProtocolRow[] = [...operations, ...questions, ...options];
