import ipaddr from "ipaddr.js";
import { RE2JS } from "re2js";
import type { NamePattern } from "../config/rewrite-name.ts";
import { CorefileError } from "./corefile-error.ts";
import type { Directive } from "./parse-corefile.ts";

/** Longest regular expression, in characters, as in CoreDNS. */
const PATTERN_LENGTH_MAX = 10_000;
const NAME_LENGTH_MAX = 253;
const LABEL_LENGTH_MAX = 63;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Reads a duration of Go, `1h30m`, `300ms`, `0`, in milliseconds. @throws {CorefileError} for anything else. */
export function durationMs(text: string, line: number): number {
  if (text === "0") return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new CorefileError(line, `"${text}" is no duration: write it like 5s, 300ms or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

/** Reads a whole number from `min` to `max`. @throws {CorefileError} for anything else. */
export function integer(text: string | undefined, line: number, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,15}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new CorefileError(line, `"${text ?? ""}" is no whole number from ${min} to ${max}`);
  }
  return value;
}

/** Reads a domain name: in lower case, without the trailing dot; the root is empty. @throws {CorefileError} for anything else. */
export function domainName(text: string, line: number): string {
  const name = text.toLowerCase().replace(/\.$/, "");
  const isName =
    text === "." ||
    (name.length <= NAME_LENGTH_MAX &&
      name.split(".").every((label) => /^[!-~]+$/.test(label) && label.length <= LABEL_LENGTH_MAX));
  if (!isName || /[/:{}]/.test(name)) throw new CorefileError(line, `"${text}" is no domain name`);
  return name;
}

/** Reads an IP address. @throws {CorefileError} for anything else. */
export function ipAddress(text: string, line: number): string {
  if (!isIpAddress(text)) throw new CorefileError(line, `"${text}" is no IP address`);
  return text;
}

/** Returns whether a text is an address of IPv4, in four parts, or of IPv6. */
export function isIpAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(":") && ipaddr.IPv6.isValid(text));
}

/** Reads a regular expression of RE2. @throws {CorefileError} for anything else. */
export function namePattern(text: string, line: number): NamePattern & { readonly groups: number } {
  if (text.length > PATTERN_LENGTH_MAX) {
    throw new CorefileError(line, `a regular expression has at most ${PATTERN_LENGTH_MAX} characters`);
  }
  const compiled = compile(text, line);
  return {
    groups: compiled.matcher("").groupCount(),
    match(name) {
      const matcher = compiled.matcher(name);
      if (!matcher.find()) return undefined;
      return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? "");
    },
  };
}

function compile(text: string, line: number): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch {
    throw new CorefileError(line, `"${text}" is no regular expression of RE2`);
  }
}

/** @throws {CorefileError} when the number of arguments is not from `min` to `max`. */
export function checkCount({ name, args, line }: Directive, min: number, max = min): void {
  if (args.length >= min && args.length <= max) return;
  const wanted = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
  throw new CorefileError(line, `"${name}" takes ${wanted} arguments, not ${args.length}`);
}

/** @throws {CorefileError} when the plugin has options in braces. */
export function checkNoOptions({ name, options }: Directive): void {
  const [first] = options;
  if (first !== undefined) throw unsupported(`option "${first.name}" of "${name}"`, first.line);
}

/** The refusal of what this server does not have. */
export function unsupported(what: string, line: number, advice = "remove it"): CorefileError {
  return new CorefileError(line, `${what} is not supported: ${advice}`);
}
