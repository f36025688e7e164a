import { isIPv6, isSloppyCidr, isSloppyIP } from "../addresses.ts";
import { isEmailAddress } from "./email-address.ts";
import { isGoDuration, isRequestURI } from "./go-texts.ts";

/**
 * Returns whether a text is of a format, by its name in a schema: `date-time`, `ipv4`. A format that upstream 1.35 does not
 * know fits every text.
 *
 * Source: `supportedVersionedFormats` of apiextensions-apiserver, and k8s.io/kube-openapi/pkg/validation/strfmt.
 */
export function fitsFormat(format: string, text: string): boolean {
  const check = checkOf(format);
  return check === undefined || check(text);
}

/** Returns whether upstream 1.35 knows a format of texts. */
export function isKnownFormat(format: string): boolean {
  return checkOf(format) !== undefined;
}

function checkOf(format: string): ((text: string) => boolean) | undefined {
  // Upstream leaves dashes out of the names.
  return FORMATS.get(format.replaceAll("-", ""));
}

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map<string, (text: string) => boolean>([
  ["bsonobjectid", matching(/^[0-9a-fA-F]{24}$/)],
  ["uri", isRequestURI],
  ["email", isEmailAddress],
  ["hostname", isHostname],
  ["ipv4", (text) => isSloppyIP(text) && text.includes(".")],
  ["ipv6", (text) => isIPv6(text)],
  ["cidr", isSloppyCidr],
  ["mac", isMac],
  ["uuid", uuidOf("[0-9a-f]", "[0-9a-f]")],
  ["uuid3", uuidOf("3", "[0-9a-f]")],
  ["uuid4", uuidOf("4", "[89ab]")],
  ["uuid5", uuidOf("5", "[89ab]")],
  ["isbn", (text) => isIsbn10(text) || isIsbn13(text)],
  ["isbn10", isIsbn10],
  ["isbn13", isIsbn13],
  ["creditcard", isCreditCard],
  ["ssn", (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text)],
  ["hexcolor", matching(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ["rgbcolor", isRgbColor],
  ["byte", isBase64],
  ["password", () => true],
  ["date", isDate],
  ["duration", isDuration],
  ["datetime", isDateTime],
  ["k8sshortname", (text) => text.length <= 63 && SHORT_NAME.test(text)],
  ["k8slongname", (text) => text.length <= 253 && text.split(".").every((part) => SHORT_NAME.test(part))],
]);

const SHORT_NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

function matching(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}

/** @param version - What the first digit of the third group may be; `variant` that of the fourth one. */
function uuidOf(version: string, variant: string): (text: string) => boolean {
  const hex = "[0-9a-f]";
  return matching(new RegExp(`^${hex}{8}-?${hex}{4}-?${version}${hex}{3}-?${variant}${hex}{3}-?${hex}{12}$`, "i"));
}

/** Letters and symbols of every script may stand in a host's name. */
const HOST_LABEL = "[a-zA-Z0-9\\p{S}\\p{L}]";
const HOSTNAME = new RegExp(
  `^(${HOST_LABEL}((-?${HOST_LABEL}{0,62})?)|(${HOST_LABEL}((${HOST_LABEL.replace("0-9", "0-9\\-")}{0,61}${HOST_LABEL})?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$`,
  "u",
);

function isHostname(text: string): boolean {
  const bytes = new TextEncoder();
  return (
    text.length <= 255 &&
    HOSTNAME.test(text) &&
    bytes.encode(text).length <= 255 &&
    text.split(".").every((label) => bytes.encode(label).length <= 63)
  );
}

/** 6, 8 or 20 bytes, in pairs of digits or in groups of four. */
function isMac(text: string): boolean {
  const pairs = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2})*$/i.test(text);
  const groups = /^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text);
  const bytes = pairs ? (text.length + 1) / 3 : groups ? (2 * (text.length + 1)) / 5 : 0;
  return [6, 8, 20].includes(bytes);
}

/** Go's white space, and dashes. */
const ISBN_SEPARATORS = /[\t\n\f\r -]+/g;

function isIsbn10(text: string): boolean {
  const digits = text.replace(ISBN_SEPARATORS, "");
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (index + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(ISBN_SEPARATORS, "");
  if (!/^[0-9]{13}$/.test(digits)) return false;
  const sum = [...digits.slice(0, 12)].reduce(
    (total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit),
    0,
  );
  return Number(digits[12]) === (10 - (sum % 10)) % 10;
}

const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;

/** A number of a known issuer whose check digit is right (ISO/IEC 7812-1). */
function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, "");
  if (!CARD.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isRgbColor(text: string): boolean {
  const level = "(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])";
  const space = "[\\t\\n\\f\\r ]*";
  return new RegExp(`^rgb\\(${space}${level}${space},${space}${level}${space},${space}${level}${space}\\)$`).test(text);
}

/** Not by one pattern for the whole: it would go back over every group of a long text. */
function isBase64(text: string): boolean {
  return text !== "" && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isDate(text: string): boolean {
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === "" || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0;
  return Number(day) <= days;
}

/** What follows a second `T` is not looked at, as upstream. */
function isDateTime(text: string): boolean {
  const [date = "", time] = text.toLowerCase().split("t");
  if (time === undefined || !isDate(date)) return false;
  const [, hour = "", minute = "", second = ""] =
    /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/u.exec(time) ?? [];
  return hour !== "" && hour <= "23" && minute <= "59" && second <= "59";
}

const UNITS: ReadonlySet<string> = new Set(["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"]);
/** Units that may go on: `nanoseconds`. */
const LONG_UNITS = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];
const INT64_MAX = 9_223_372_036_854_775_807n;
const INT64_DIGITS = 19;

/** A duration as Go writes it, or a text that holds a number with a unit, as Scala writes durations. */
function isDuration(text: string): boolean {
  if (isGoDuration(text)) return true;
  let isKnown = false;
  // From the first digit of each number on: other starts would cost the square of its length.
  for (const [, count = "", letters = ""] of text.matchAll(/(?<!\d)(\d+)[\t\n\f\r ]*([A-Za-z\u00b5]+)/g)) {
    const digits = count.replace(/^0+/, "");
    if (digits.length > INT64_DIGITS || BigInt(digits) > INT64_MAX) return false;
    const unit = letters.toLowerCase();
    isKnown ||= UNITS.has(unit) || LONG_UNITS.some((long) => unit.startsWith(long));
  }
  return isKnown;
}
