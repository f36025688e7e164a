import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import { dns1035LabelProblems, dnsSubdomainProblems, portNumberProblems } from "../../../names.ts";
import type { CustomResourceDefinitionSpec } from "./customresourcedefinition-schema.ts";

type Conversion = CustomResourceDefinitionSpec["conversion"];
type ClientConfig = NonNullable<NonNullable<Conversion["webhook"]>["clientConfig"]>;

const STRATEGIES = ["None", "Webhook"];
/** Versions of ConversionReview that upstream 1.35 knows. */
const REVIEW_VERSIONS = ["v1", "v1beta1"];
const URL_FORM = "; desired format: https://host[/path]";

/**
 * Returns what is wrong with how objects are converted.
 *
 * @param previous - Of the stored definition; a webhook whose reviews are of no known version may keep them.
 */
export function conversionProblems(
  { strategy, webhook }: Conversion,
  path: string,
  previous: Conversion | undefined,
): readonly FieldError[] {
  const at = `${path}.webhookClientConfig`;
  const config = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== "Webhook") {
    const detail = "should not be set when strategy is not set to Webhook";
    return [
      ...strategyProblems(strategy, `${path}.strategy`),
      ...(config === undefined ? [] : [forbidden(at, detail)]),
      ...(versions.length === 0 ? [] : [forbidden(`${path}.conversionReviewVersions`, detail)]),
    ];
  }
  const before = previous?.webhook?.conversionReviewVersions ?? [];
  const needsKnown = before.length === 0 || before.some(isKnown);
  return [
    ...(config === undefined ? [required(at, "required when strategy is set to Webhook")] : clientProblems(config, at)),
    ...reviewProblems(versions, `${path}.conversionReviewVersions`, needsKnown),
  ];
}

function strategyProblems(strategy: string, path: string): readonly FieldError[] {
  if (strategy === "") return [required(path)];
  return STRATEGIES.includes(strategy) ? [] : [notSupported(path, strategy, STRATEGIES)];
}

function clientProblems({ url, service }: ClientConfig, path: string): readonly FieldError[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(path, "exactly one of url or service is required")];
  }
  return url !== undefined ? urlProblems(url, `${path}.url`) : serviceProblems(service, `${path}.service`);
}

function urlProblems(text: string, path: string): readonly FieldError[] {
  if (!URL.canParse(text)) {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1] ?? "";
    return [
      ...(scheme === "https" ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme${URL_FORM}`)]),
      invalid(path, "", `host must be specified${URL_FORM}`),
    ];
  }
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  const user = url.password === "" ? url.username : `${url.username}:${url.password}`;
  return [
    ...(scheme === "https" ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme${URL_FORM}`)]),
    ...(url.host === "" ? [invalid(path, "", `host must be specified${URL_FORM}`)] : []),
    ...(user === "" ? [] : [invalid(path, user, "user information is not permitted in the URL")]),
    ...(url.hash.length < 2 ? [] : [invalid(path, url.hash.slice(1), "fragments are not permitted in the URL")]),
    ...(url.search.length < 2
      ? []
      : [invalid(path, url.search.slice(1), "query parameters are not permitted in the URL")]),
  ];
}

function serviceProblems(service: ClientConfig["service"], path: string): readonly FieldError[] {
  const { name = "", namespace = "", port = 0, path: urlPath = "" } = service ?? {};
  const portProblems = portNumberProblems(port);
  return [
    ...(name === "" ? [required(`${path}.name`)] : []),
    ...(namespace === "" ? [required(`${path}.namespace`)] : []),
    ...(portProblems.length === 0
      ? []
      : [invalid(`${path}.port`, port, `port is not valid: ${portProblems.join(", ")}`)]),
    ...pathProblems(urlPath, `${path}.path`),
  ];
}

function pathProblems(urlPath: string, path: string): readonly FieldError[] {
  if (urlPath === "" || urlPath === "/") return [];
  if (urlPath === "//") return [invalid(path, urlPath, "segment[0] may not be empty")];
  const segments = urlPath.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(urlPath.startsWith("/") ? [] : [invalid(path, urlPath, "must start with a '/'")]),
    ...segments.flatMap((segment, index) => {
      if (segment === "") return [invalid(path, urlPath, `segment[${index}] may not be empty`)];
      return dnsSubdomainProblems(segment).map((problem) => invalid(path, urlPath, `segment[${index}]: ${problem}`));
    }),
  ];
}

function reviewProblems(versions: readonly string[], path: string, needsKnown: boolean): readonly FieldError[] {
  if (versions.length === 0) return [required(path)];
  return [
    ...versions.flatMap((version, index) => {
      const at = `${path}[${index}]`;
      if (versions.indexOf(version) < index) return [invalid(at, version, "duplicate version")];
      return dns1035LabelProblems(version).map((problem) => invalid(at, version, problem));
    }),
    ...(needsKnown && !versions.some(isKnown)
      ? [invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(", ")}`)]
      : []),
  ];
}

function isKnown(version: string): boolean {
  return REVIEW_VERSIONS.includes(version);
}
