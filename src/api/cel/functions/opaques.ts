import ipaddr from "ipaddr.js";
import { isIPv6, isSloppyCidr } from "../../addresses.ts";
import { isRequestURI } from "../../formats/go-texts.ts";
import { goQuote } from "../../go-quote.ts";
import { addQuantities, compareQuantities, parseQuantity, type Quantity, subtractQuantities } from "../../quantity.ts";
import { EvaluationProblem } from "../evaluation-problem.ts";
import { BOOL, DOUBLE, INT, listOf, mapType, opaque, STRING } from "../type.ts";
import { mapOf, Opaque } from "../value.ts";
import { fn, member, type Overload } from "./overload.ts";

const URL_TYPE = "kubernetes.URL";
const IP_TYPE = "net.IP";
const CIDR_TYPE = "net.CIDR";
const QUANTITY_TYPE = "kubernetes.Quantity";

type Table = readonly (readonly [string, readonly Overload[]])[];

/** What a text is made of that Go's `url.ParseRequestURI` takes. */
interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

function urlOf(text: string): Opaque {
  if (!isRequestURI(text))
    throw new EvaluationProblem(
      `URL parse error during conversion from string: parse ${goQuote(text)}: invalid URI for request`,
    );
  const [withoutFragment = ""] = text.split("#");
  const [, scheme = "", rest = ""] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(withoutFragment) ?? [];
  const [beforeQuery = "", ...query] = rest.split("?");
  const [, authority, path = ""] = /^(?:\/\/([^/]*))?(.*)$/s.exec(beforeQuery) ?? [];
  const host = (authority ?? "").slice((authority ?? "").lastIndexOf("@") + 1);
  const parts: UrlParts = { scheme: scheme.toLowerCase(), host, path, query: query.join("?") };
  return new Opaque(URL_TYPE, parts, text);
}

const partsOf = ({ content }: Opaque) => content as UrlParts;

function hostnameOf(url: Opaque): string {
  const { host } = partsOf(url);
  return host.startsWith("[") ? host.slice(1, host.indexOf("]")) : host.replace(/:\d*$/, "");
}

/** As Go's `URL.EscapedPath`: a path that is escaped already is kept. */
function escapedPath(path: string): string {
  if (/^[\w.~!$&'()*+,;=:@[\]/%-]*$/.test(path)) return path;
  const escaped = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return [
    ...Buffer.from(
      path.replace(/%([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    ),
  ]
    .map((byte) => (/[\w.~$&+,/:;=@-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : escaped(byte)))
    .join("");
}

function queryOf(url: Opaque) {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(partsOf(url).query)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return mapOf(values);
}

const URL_ = opaque(URL_TYPE);

const urls: Table = [
  ["url", [fn("string_to_url", [STRING], URL_, urlOf)]],
  ["isURL", [fn("is_url_string", [STRING], BOOL, isRequestURI)]],
  ["getScheme", [member("url_get_scheme", [URL_], STRING, (url: Opaque) => partsOf(url).scheme)]],
  ["getHost", [member("url_get_host", [URL_], STRING, (url: Opaque) => partsOf(url).host)]],
  ["getHostname", [member("url_get_hostname", [URL_], STRING, hostnameOf)]],
  ["getPort", [member("url_get_port", [URL_], STRING, (url: Opaque) => /:(\d*)$/.exec(partsOf(url).host)?.[1] ?? "")]],
  ["getEscapedPath", [member("url_get_escaped_path", [URL_], STRING, (url: Opaque) => escapedPath(partsOf(url).path))]],
  ["getQuery", [member("url_get_query", [URL_], mapType(STRING, listOf(STRING)), queryOf)]],
];

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Dotted decimals without leading zeros, or IPv6 without a zone that stands for no IPv4 address. */
function addressOf(text: string): Address | undefined {
  const isPlain = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text) || isIPv6(text);
  if (!isPlain || text.includes("%") || !ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? undefined : address;
}

function addressText(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

function ipOf(text: string): Opaque {
  const address = addressOf(text);
  if (address === undefined) {
    throw new EvaluationProblem(
      `IP Address ${goQuote(text)} parse error during conversion from string: unable to parse IP`,
    );
  }
  return ipValue(address);
}

function ipValue(address: Address): Opaque {
  return new Opaque(IP_TYPE, address, addressText(address), address.toByteArray().length);
}

interface Network {
  readonly address: Address;
  readonly bits: number;
}

function networkOf(text: string): Network | undefined {
  const [addressPart = "", bits = "", ...rest] = text.split("/");
  const address = addressOf(addressPart);
  const isPlain = rest.length === 0 && /^(?:0|[1-9]\d{0,2})$/.test(bits) && isSloppyCidr(text);
  return address === undefined || !isPlain ? undefined : { address, bits: Number(bits) };
}

function cidrValue(network: Network): Opaque {
  const text = `${addressText(network.address)}/${network.bits}`;
  return new Opaque(CIDR_TYPE, network, text, Math.ceil(network.bits / 8));
}

function cidrOf(text: string): Opaque {
  const network = networkOf(text);
  if (network === undefined) {
    const problem = "network address parse error during conversion from string: ";
    throw new EvaluationProblem(`${problem}${problem}netip.ParsePrefix(${goQuote(text)}): no '/'`);
  }
  return cidrValue(network);
}

const addressIn = ({ content }: Opaque) => content as Address;
const networkIn = ({ content }: Opaque) => content as Network;

function contains({ address, bits }: Network, other: Address): boolean {
  return address.kind() === other.kind() && other.match(address as never, bits);
}

function masked({ content }: Opaque): Opaque {
  const { address, bits } = content as Network;
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return byte & (0xff00 >> kept) & 0xff;
  });
  return cidrValue({ address: ipaddr.fromByteArray(bytes), bits });
}

const IP = opaque(IP_TYPE);
const CIDR = opaque(CIDR_TYPE);

/** @param ranges - Names of ipaddr.js's ranges that have the property. */
function ranged(id: string, ...ranges: readonly string[]): Overload {
  return member(id, [IP], BOOL, (ip: Opaque) => ranges.includes(addressIn(ip).range()));
}

function isLinkLocalMulticast(ip: Opaque): boolean {
  const [first, second, third] = addressIn(ip).toByteArray();
  return addressIn(ip).kind() === "ipv4"
    ? first === 224 && second === 0 && third === 0
    : first === 0xff && ((second ?? 0) & 0x0f) === 2;
}

function isGlobalUnicast(ip: Opaque): boolean {
  const range = addressIn(ip).range();
  return !["unspecified", "loopback", "multicast", "linkLocal", "broadcast"].includes(range);
}

const addresses: Table = [
  [
    "ip",
    [
      fn("string_to_ip", [STRING], IP, ipOf),
      member("cidr_ip", [CIDR], IP, ({ content }: Opaque) => ipOf(addressText((content as Network).address))),
    ],
  ],
  ["isIP", [fn("is_ip", [STRING], BOOL, (text: string) => addressOf(text) !== undefined)]],
  ["ip.isCanonical", [fn("ip_is_canonical", [STRING], BOOL, (text: string) => ipOf(text).text === text)]],
  ["family", [member("ip_family", [IP], INT, (ip: Opaque) => (addressIn(ip).kind() === "ipv4" ? 4n : 6n))]],
  ["isUnspecified", [ranged("ip_is_unspecified", "unspecified")]],
  ["isLoopback", [ranged("ip_is_loopback", "loopback")]],
  ["isLinkLocalMulticast", [member("ip_is_link_local_multicast", [IP], BOOL, isLinkLocalMulticast)]],
  ["isLinkLocalUnicast", [ranged("ip_is_link_local_unicast", "linkLocal")]],
  ["isGlobalUnicast", [member("ip_is_global_unicast", [IP], BOOL, isGlobalUnicast)]],
  ["cidr", [fn("string_to_cidr", [STRING], CIDR, cidrOf)]],
  ["isCIDR", [fn("is_cidr", [STRING], BOOL, (text: string) => networkOf(text) !== undefined)]],
  [
    "containsIP",
    [
      member("cidr_contains_ip_string", [CIDR, STRING], BOOL, (cidr: Opaque, ip: string) =>
        contains(networkIn(cidr), addressIn(ipOf(ip))),
      ),
      member("cidr_contains_ip_ip", [CIDR, IP], BOOL, (cidr: Opaque, ip: Opaque) =>
        contains(networkIn(cidr), addressIn(ip)),
      ),
    ],
  ],
  [
    "containsCIDR",
    [
      member("cidr_contains_cidr_string", [CIDR, STRING], BOOL, (a: Opaque, b: string) =>
        containsNetwork(a, cidrOf(b)),
      ),
      member("cidr_contains_cidr", [CIDR, CIDR], BOOL, containsNetwork),
    ],
  ],
  ["prefixLength", [member("cidr_prefix_length", [CIDR], INT, (cidr: Opaque) => BigInt(networkIn(cidr).bits))]],
  ["masked", [member("cidr_masked", [CIDR], CIDR, masked)]],
  [
    "string",
    [
      fn("ip_to_string", [IP], STRING, ({ text }: Opaque) => text),
      fn("cidr_to_string", [CIDR], STRING, ({ text }: Opaque) => text),
    ],
  ],
];

function containsNetwork(a: Opaque, b: Opaque): boolean {
  const [outer, inner] = [networkIn(a), networkIn(b)];
  return outer.bits <= inner.bits && contains(outer, inner.address);
}

const NANOS = 1_000_000_000n;
const INT_MAX = 2n ** 63n - 1n;

interface QuantityContent {
  readonly quantity: Quantity;
  /** Whether it was written as a whole number. */
  readonly isWhole: boolean;
}

function quantityOf(text: string): Opaque {
  const quantity = parseQuantity(text);
  if ("error" in quantity) throw new EvaluationProblem(quantity.error);
  return quantityValue(quantity, !/[.mun]/.test(text));
}

function quantityValue(quantity: Quantity, isWhole: boolean): Opaque {
  const content: QuantityContent = { quantity, isWhole };
  return new Opaque(QUANTITY_TYPE, content, String(quantity.nanos));
}

const quantityIn = ({ content }: Opaque) => (content as QuantityContent).quantity;

function integerOf({ content }: Opaque): bigint | undefined {
  const { quantity, isWhole } = content as QuantityContent;
  const value = quantity.nanos / NANOS;
  return isWhole && quantity.nanos % NANOS === 0n && value <= INT_MAX && value >= -INT_MAX ? value : undefined;
}

function asInteger(quantity: Opaque): bigint {
  const value = integerOf(quantity);
  if (value === undefined) throw new EvaluationProblem("cannot convert value to integer");
  return value;
}

function combined(a: Opaque, b: Quantity, combine: (a: Quantity, b: Quantity) => Quantity): Opaque {
  const sum = combine(quantityIn(a), b);
  return quantityValue(sum, sum.nanos % NANOS === 0n);
}

const QUANTITY = opaque(QUANTITY_TYPE);
const ofInt = (value: bigint): Quantity => ({ nanos: value * NANOS, format: "DecimalExponent" });
const compare = (a: Opaque, b: Opaque) => compareQuantities(quantityIn(a), quantityIn(b));

const quantities: Table = [
  ["quantity", [fn("string_to_quantity", [STRING], QUANTITY, quantityOf)]],
  ["isQuantity", [fn("is_quantity_string", [STRING], BOOL, (text: string) => !("error" in parseQuantity(text)))]],
  [
    "sign",
    [
      fn("quantity_sign", [QUANTITY], INT, (quantity: Opaque) =>
        BigInt(compareQuantities(quantityIn(quantity), ofInt(0n))),
      ),
    ],
  ],
  [
    "isGreaterThan",
    [member("quantity_is_greater_than", [QUANTITY, QUANTITY], BOOL, (a: Opaque, b: Opaque) => compare(a, b) > 0)],
  ],
  [
    "isLessThan",
    [member("quantity_is_less_than", [QUANTITY, QUANTITY], BOOL, (a: Opaque, b: Opaque) => compare(a, b) < 0)],
  ],
  [
    "compareTo",
    [member("quantity_compare_to", [QUANTITY, QUANTITY], INT, (a: Opaque, b: Opaque) => BigInt(compare(a, b)))],
  ],
  [
    "asApproximateFloat",
    [member("quantity_get_float", [QUANTITY], DOUBLE, (quantity: Opaque) => Number(quantityIn(quantity).nanos) / 1e9)],
  ],
  ["asInteger", [member("quantity_get_int", [QUANTITY], INT, asInteger)]],
  [
    "isInteger",
    [member("quantity_is_integer", [QUANTITY], BOOL, (quantity: Opaque) => integerOf(quantity) !== undefined)],
  ],
  [
    "add",
    [
      member("quantity_add", [QUANTITY, QUANTITY], QUANTITY, (a: Opaque, b: Opaque) =>
        combined(a, quantityIn(b), addQuantities),
      ),
      member("quantity_add_int", [QUANTITY, INT], QUANTITY, (a: Opaque, b: bigint) =>
        combined(a, ofInt(b), addQuantities),
      ),
    ],
  ],
  [
    "sub",
    [
      member("quantity_sub", [QUANTITY, QUANTITY], QUANTITY, (a: Opaque, b: Opaque) =>
        combined(a, quantityIn(b), subtractQuantities),
      ),
      member("quantity_sub_int", [QUANTITY, INT], QUANTITY, (a: Opaque, b: bigint) =>
        combined(a, ofInt(b), subtractQuantities),
      ),
    ],
  ],
];

/** URLs, addresses and quantities. Source: k8s.io/apiserver/pkg/cel/library. */
export const opaques: Table = [...urls, ...addresses, ...quantities];
