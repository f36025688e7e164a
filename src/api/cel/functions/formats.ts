import { fitsFormat } from "../../formats/formats.ts";
import { isRequestURI } from "../../formats/go-texts.ts";
import {
  dns1035LabelProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelKeyProblems,
  labelValueProblems,
  prefixToCheck,
} from "../../names.ts";
import { listOf, opaque, optionalOf, STRING } from "../type.ts";
import { type CelValue, Opaque, Optional } from "../value.ts";
import { fn, member, type Overload } from "./overload.ts";

const TYPE = "kubernetes.NamedFormat";
const FORMAT = opaque(TYPE);

type Check = (text: string) => readonly string[];

function ofFormat(format: string, problem: string): Check {
  return (text) => (fitsFormat(format, text) ? [] : [problem]);
}

const ofPrefix =
  (check: Check): Check =>
  (text) =>
    check(prefixToCheck(text));

const CHECKS: Readonly<Record<string, Check>> = {
  dns1123Label: dnsLabelProblems,
  dns1123Subdomain: dnsSubdomainProblems,
  dns1035Label: dns1035LabelProblems,
  qualifiedName: labelKeyProblems,
  dns1123LabelPrefix: ofPrefix(dnsLabelProblems),
  dns1123SubdomainPrefix: ofPrefix(dnsSubdomainProblems),
  dns1035LabelPrefix: ofPrefix(dns1035LabelProblems),
  labelValue: labelValueProblems,
  uri: (text) => (isRequestURI(text) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`]),
  uuid: ofFormat("uuid", "does not match the UUID format"),
  byte: ofFormat("byte", "invalid base64"),
  date: ofFormat("date", "invalid date"),
  datetime: ofFormat("datetime", "invalid datetime"),
};

/** Sizes of the patterns by which upstream checks the formats, which costs are counted by. */
const PATTERN_SIZES: Readonly<Record<string, number>> = {
  dns1123Label: 30,
  dns1123Subdomain: 60,
  dns1035Label: 30,
  qualifiedName: 60,
  dns1123LabelPrefix: 30,
  dns1123SubdomainPrefix: 60,
  dns1035LabelPrefix: 30,
  labelValue: 40,
  uri: 1103,
  uuid: 70,
  byte: 84,
  date: 71,
  datetime: 71,
};

/** Returns the size of the pattern of a format. */
export function formatPatternSize(format: CelValue | undefined): number {
  return format instanceof Opaque ? (PATTERN_SIZES[format.text] ?? 1) : 1;
}

const VALUES: ReadonlyMap<string, Opaque> = new Map(
  Object.entries(CHECKS).map(([name, check]) => [name, new Opaque(TYPE, check, name)]),
);

function validate({ content }: Opaque, text: string): Optional {
  const problems = (content as Check)(text);
  return new Optional(problems.length === 0 ? undefined : problems);
}

/** Named formats of texts. Source: k8s.io/apiserver/pkg/cel/library/format.go. */
export const formats: readonly (readonly [string, readonly Overload[]])[] = [
  ["validate", [member("format-validate", [FORMAT, STRING], optionalOf(listOf(STRING)), validate)]],
  [
    "format.named",
    [fn("format-named", [STRING], optionalOf(FORMAT), (name: string) => new Optional(VALUES.get(name)))],
  ],
  ...[...VALUES].map(([name, value]) => [`format.${name}`, [fn(`format.${name}`, [], FORMAT, () => value)]] as const),
];
