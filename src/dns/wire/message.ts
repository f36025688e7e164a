/** Numbers of RFC 1035 §3.2.2, RFC 1995, RFC 2782, RFC 3596 and RFC 6891. */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const;

/** RFC 1035 §4.1.1 and RFC 6891 §9. */
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;
export type Rcode = keyof typeof rcodes;

/** The Internet class. */
export const CLASS_IN = 1;

/** What is asked: the type stays a number, since any may be asked for. */
export interface Question {
  /** Lower case, without the trailing dot; the root is empty. Unusual bytes are escaped as in zone files. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** One resource record. Names are written as in {@link Question}. */
export type DnsRecord = { readonly name: string; readonly ttlSeconds: number } & RecordData;

export type RecordData =
  | { readonly type: "A" | "AAAA"; readonly address: string }
  | { readonly type: "CNAME" | "NS" | "PTR"; readonly target: string }
  | { readonly type: "MX"; readonly preference: number; readonly target: string }
  | ({ readonly type: "SRV" } & SrvData)
  | ({ readonly type: "SOA" } & SoaData)
  | { readonly type: "TXT"; readonly texts: readonly string[] }
  /** Any other type, with its data as it came. */
  | { readonly type: "other"; readonly typeNumber: number; readonly data: Uint8Array };

export interface SrvData {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface SoaData {
  readonly primary: string;
  readonly mailbox: string;
  readonly serial: number;
  readonly refreshSeconds: number;
  readonly retrySeconds: number;
  readonly expireSeconds: number;
  /** How long a name may be remembered not to exist (RFC 2308). */
  readonly negativeTtlSeconds: number;
}

/** A standard query with one question; servers answer no others. */
export interface Query {
  readonly id: number;
  readonly recursionDesired: boolean;
  /** The CD bit (RFC 4035 §3.2.2): the client checks signatures itself. */
  readonly checkingDisabled: boolean;
  readonly question: Question;
  /** Where the question ends in the message. */
  readonly questionEnd: number;
  /** What the client says of itself by an OPT record (RFC 6891). */
  readonly edns:
    | {
        readonly version: number;
        readonly udpBytesMax: number;
        /** The DO bit (RFC 3225): the client wants DNSSEC records. */
        readonly dnssecOk: boolean;
      }
    | undefined;
}

/** An answer, without what it takes over from the query. */
export interface Reply {
  readonly rcode: Rcode;
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority?: readonly DnsRecord[];
  readonly additional?: readonly DnsRecord[];
  /** Sets the TC bit even if all records fit. Default: it is set when some do not fit. */
  readonly truncated?: boolean;
}
