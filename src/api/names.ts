import type { Int64 } from "./int64.ts";

/**
 * Which texts may be names, labels, keys and ports: upstream's rules (apimachinery `util/validation`) in upstream's words.
 *
 * Every function answers what is wrong, one message per rule broken; an empty list means the text is fine.
 */

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const DNS_LABEL_OR_SERVICE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const DNS_1035_LABEL = "[a-z]([-a-z0-9]*[a-z0-9])?";
const LABEL_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${LABEL_KEY})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const HTTP_HEADER = "[-A-Za-z0-9]+";
const PERCENT = "[0-9]+%";

const DNS_LABEL_MAX = 63;
/** Longest name of most objects, in characters. */
export const DNS_SUBDOMAIN_MAX = 253;

/** A whole-text pattern with the sentence that refuses what does not match it. */
interface Rule {
  readonly regexp: RegExp;
  readonly refusal: string;
}

function rule(pattern: string, sentence: string, ...examples: string[]): Rule {
  const quoted = examples.map((example) => `'${example}', `).join(" or ");
  return {
    regexp: new RegExp(`^${pattern}$`),
    refusal: `${sentence} (e.g. ${quoted}regex used for validation is '${pattern}')`,
  };
}

const dnsLabel = rule(
  DNS_LABEL,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  "my-name",
  "123-abc",
);
const dnsSubdomain = rule(
  DNS_SUBDOMAIN,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  "example.com",
);
const dnsSearchPath = rule(
  `${DNS_LABEL_OR_SERVICE}(\\.${DNS_LABEL_OR_SERVICE})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  "example.com",
);
const dns1035Label = rule(
  DNS_1035_LABEL,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  "my-name",
  "abc-123",
);
const labelKey = rule(
  LABEL_KEY,
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "MyName",
  "my.name",
  "123-abc",
);
const labelValue = rule(
  LABEL_VALUE,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "MyValue",
  "my_value",
  "12345",
);
const configKey = rule(
  CONFIG_KEY,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  "key.name",
  "KEY_NAME",
  "key-name",
);
const httpHeader = rule(
  HTTP_HEADER,
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  "X-Header-Name",
);
const percent = rule(PERCENT, "a valid percent string must be a numeric string followed by an ending '%'", "1%", "93%");

/** `nginx`, `123-abc`: namespaces, containers, volumes. At most 63 characters. */
export function dnsLabelProblems(text: string): string[] {
  const problems = tooLongProblems(text, DNS_LABEL_MAX);
  if (dnsLabel.regexp.test(text)) return problems;
  return [...problems, dnsSubdomain.regexp.test(text) ? "must not contain dots" : dnsLabel.refusal];
}

/** `my-app.v2`: the names of most objects. At most 253 characters. */
export function dnsSubdomainProblems(text: string): string[] {
  return [...tooLongProblems(text, DNS_SUBDOMAIN_MAX), ...ruleProblems(dnsSubdomain, text)];
}

/** `_tcp.shop.example`: a subdomain in which underscores may stand, as in search paths. At most 253 characters. */
export function searchPathProblems(text: string): string[] {
  return [...tooLongProblems(text, DNS_SUBDOMAIN_MAX), ...ruleProblems(dnsSearchPath, text)];
}

/** `nginx`, but not `1nginx`: the names of Services. At most 63 characters. */
export function dns1035LabelProblems(text: string): string[] {
  return [...tooLongProblems(text, DNS_LABEL_MAX), ...ruleProblems(dns1035Label, text)];
}

/** `app`, `example.com/app`: keys of labels and annotations, finalizers, resource names. */
export function labelKeyProblems(text: string): string[] {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) {
    return [
      `a valid label key ${labelKey.refusal} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  return second === undefined ? keyNameProblems(first) : [...keyPrefixProblems(first), ...keyNameProblems(second)];
}

function keyPrefixProblems(prefix: string): string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  return dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem.replace(/ characters$/, " bytes")}`);
}

function keyNameProblems(name: string): string[] {
  const length = name === "" ? ["must be non-empty"] : tooManyBytesProblems(name, 63);
  return [...length, ...ruleProblems(labelKey, name)].map((problem) => `name part ${problem}`);
}

/** At most 63 characters; may be empty. */
export function labelValueProblems(text: string): string[] {
  return [...tooManyBytesProblems(text, 63), ...ruleProblems(labelValue, text)];
}

/** Keys of ConfigMaps and Secrets, which become file names. */
export function configKeyProblems(text: string): string[] {
  return [...tooLongProblems(text, DNS_SUBDOMAIN_MAX), ...ruleProblems(configKey, text), ...dotProblems(text)];
}

/** Names of environment variables: printable ASCII without `=`. */
export function envVarNameProblems(text: string): string[] {
  if (text === "") return ["environment variable name must be non-empty"];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(text)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** `X-Header-Name`. */
export function httpHeaderProblems(text: string): string[] {
  return ruleProblems(httpHeader, text);
}

/** `25%`. */
export function percentProblems(text: string): string[] {
  return ruleProblems(percent, text);
}

/** `http`, `web-1`: names that ports are referred to by. At most 15 characters, one of them a letter. */
export function portNameProblems(text: string): string[] {
  return [
    ...tooLongProblems(text, 15),
    ...(/^[-a-z0-9]+$/.test(text) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
    ...(/[a-z]/.test(text) ? [] : ["must contain at least one letter (a-z)"]),
    ...(text.includes("--") ? ["must not contain consecutive hyphens"] : []),
    ...(text.startsWith("-") || text.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
  ];
}

/** 1 to 65535. */
export function portNumberProblems(port: number): string[] {
  return rangeProblems(port, 1, 65_535);
}

/** A whole number between the two, both included. */
export function rangeProblems(value: Int64, min: number, max: number): string[] {
  return value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`];
}

/** A name that is one segment of a path: roles and bindings, whose names may contain colons. */
export function pathSegmentProblems(text: string): string[] {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Upstream's rule for `generateName`: a trailing dash will not be the end of the name. */
export function prefixToCheck(generateName: string): string {
  return generateName.length > 1 && generateName.endsWith("-") ? `${generateName.slice(0, -2)}a` : generateName;
}

function dotProblems(text: string): string[] {
  if (text === "." || text === "..") return [`must not be '${text}'`];
  return text.startsWith("..") ? ["must not start with '..'"] : [];
}

function ruleProblems({ regexp, refusal }: Rule, text: string): string[] {
  return regexp.test(text) ? [] : [refusal];
}

function tooLongProblems(text: string, max: number): string[] {
  return isLonger(text, max) ? [`must be no more than ${max} characters`] : [];
}

function tooManyBytesProblems(text: string, max: number): string[] {
  return isLonger(text, max) ? [`must be no more than ${max} bytes`] : [];
}

/** Whether a text has more than `max` bytes in UTF-8. Short ones are not encoded: a code unit takes three bytes at most. */
export function isLonger(text: string, max: number): boolean {
  return text.length * 3 > max && byteLength(text) > max;
}

/** The length of the text in UTF-8. Half a surrogate pair counts as the three bytes of the character that replaces it. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
