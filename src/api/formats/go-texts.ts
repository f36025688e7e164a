import { isIPv6 } from "../addresses.ts";

const MAX_NANOS = 2n ** 63n;
const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Returns whether Go's `time.ParseDuration` takes a text: `1h30m`, `-1.5s`, `0`. Source: https://pkg.go.dev/time#ParseDuration */
export function isGoDuration(text: string): boolean {
  return goDurationNanos(text) !== undefined;
}

/** Returns the nanoseconds of a duration as Go's `time.ParseDuration` reads it; undefined for a text that it does not take. */
export function goDurationNanos(text: string): bigint | undefined {
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return 0n;
  const parts = [...unsigned.matchAll(/(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|[smh])/gy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  if (parts.length === 0 || length !== unsigned.length) return undefined;
  let nanos = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of parts) {
    if (whole === "" && fraction === "") return undefined;
    const scale = NANOS[unit] ?? 0n;
    // More digits than an int64 has are an overflow whatever they are.
    if (whole.replace(/^0+/, "").length > 19) return undefined;
    nanos += BigInt(whole || "0") * scale + fractionOf(fraction, scale);
    if (nanos > MAX_NANOS) return undefined;
  }
  if (text.startsWith("-")) return -nanos;
  return nanos < MAX_NANOS ? nanos : undefined;
}

/** Digits beyond the nineteenth are worth less than a nanosecond. */
function fractionOf(digits: string, scale: bigint): bigint {
  const kept = digits.slice(0, 19);
  return kept === "" ? 0n : (BigInt(kept) * scale) / 10n ** BigInt(kept.length);
}

/**
 * Returns whether Go's `url.ParseRequestURI` takes a text: an absolute URI, or an absolute path.
 *
 * Source: https://pkg.go.dev/net/url#ParseRequestURI
 */
export function isRequestURI(text: string): boolean {
  if (text === "" || holdsControl(text)) return false;
  if (text === "*") return true;
  if (text.startsWith(":")) return false;
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.exec(text)?.[0] ?? "";
  const [rest = ""] = text.slice(scheme.length).split("?", 1);
  // With a scheme, `mailto:someone` needs no path.
  if (!rest.startsWith("/")) return scheme !== "";
  if (scheme === "" || !rest.startsWith("//")) return isEscaped(rest);
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  return isAuthority(authority) && isEscaped(slash < 0 ? "" : rest.slice(slash));
}

function holdsControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** Whether every percent sign stands before two hexadecimal digits. */
function isEscaped(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf("@");
  if (!isHost(authority.slice(at + 1))) return false;
  if (at < 0) return true;
  const user = authority.slice(0, at);
  return /^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user) && isEscaped(user);
}

function isHost(host: string): boolean {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) return false;
  if (bracket === 0) {
    const end = host.lastIndexOf("]");
    if (end < 0 || !isOptionalPort(host.slice(end + 1))) return false;
    // An IPv6 address, also with a zone (RFC 6874).
    const [address = "", ...zone] = host.slice(1, end).split("%25");
    return isIPv6(address) && (zone.length === 0 || isZone(zone.join("%25")));
  }
  const colon = host.lastIndexOf(":");
  return (colon < 0 || isOptionalPort(host.slice(colon))) && isHostText(host);
}

function isOptionalPort(text: string): boolean {
  return text === "" || /^:\d*$/.test(text);
}

/** Of the percent-encoded bytes, a host may only have those of other scripts, and a percent sign. */
function isHostText(text: string): boolean {
  return !NO_HOST_TEXT.test(text) && !/%(?!25|[89a-fA-F][0-9a-fA-F])/.test(text);
}

/** What neither stands for itself in a host nor begins an encoded byte. */
const NO_HOST_TEXT = /(?=\p{ASCII})[^A-Za-z0-9!$&'()*+,;=:[\]<>"._~%-]/u;

/** Of the percent-encoded bytes, a zone may have those that need no encoding, blanks and percent signs. */
function isZone(text: string): boolean {
  if (text === "") return false;
  if (NO_HOST_TEXT.test(text) || !isEscaped(text)) return false;
  return [...text.matchAll(/%(..)/g)].every(([, hex = ""]) => {
    const code = Number.parseInt(hex, 16);
    return hex === "25" || code === 0x20 || (code < 0x80 && isHostText(String.fromCharCode(code)));
  });
}
