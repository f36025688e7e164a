import { ipProblems } from "../../../../addresses.ts";
import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, required } from "../../../../field-error.ts";
import { searchPathProblems } from "../../../../names.ts";
import type { PodSpec } from "../pod-schema.ts";
import { hasLineBreak } from "./validate-paths.ts";

/** What resolvers take. */
const NAMESERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCHES_MAX_CHARACTERS = 2048;

/** What is wrong with a Pod's own DNS settings. */
export function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, path: string): FieldError[] {
  if (dnsPolicy === "None") {
    if (dnsConfig === undefined) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if ((dnsConfig.nameservers ?? []).length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(`${path}.nameservers`, detail)];
    }
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  return [
    ...validateNameservers(nameservers, `${path}.nameservers`),
    ...validateSearches(searches, `${path}.searches`),
    ...options.flatMap(({ name = "", value = "" }, i) => [
      ...(name === "" ? [required(`${path}.options[${i}]`, "must not be empty")] : []),
      ...validateOneLine(name, `${path}.options[${i}].name`),
      ...validateOneLine(value, `${path}.options[${i}].value`),
    ]),
  ];
}

/** Each option is a word of one line of `resolv.conf`. Upstream accepts line breaks, which end in lines of their own there. */
function validateOneLine(text: string, path: string): FieldError[] {
  return hasLineBreak(text) ? [invalid(path, text, "must not contain line breaks")] : [];
}

function validateNameservers(nameservers: readonly string[], path: string): FieldError[] {
  return [
    ...(nameservers.length > NAMESERVERS_MAX
      ? [invalid(path, nameservers, `must not have more than ${NAMESERVERS_MAX} nameservers`)]
      : []),
    ...nameservers.flatMap((address, i) => invalidFor(`${path}[${i}]`, address, ipProblems(address))),
  ];
}

function validateSearches(searches: readonly string[], path: string): FieldError[] {
  return [
    ...(searches.length > SEARCHES_MAX
      ? [invalid(path, searches, `must not have more than ${SEARCHES_MAX} search paths`)]
      : []),
    ...(searches.join(" ").length > SEARCHES_MAX_CHARACTERS
      ? [
          invalid(
            path,
            searches,
            `must not have more than ${SEARCHES_MAX_CHARACTERS} characters (including spaces) in the search list`,
          ),
        ]
      : []),
    ...searches.flatMap((search, i) => {
      const shown = search.replace(/\.$/, "");
      return search === "." ? [] : invalidFor(`${path}[${i}]`, shown, searchPathProblems(shown));
    }),
  ];
}
