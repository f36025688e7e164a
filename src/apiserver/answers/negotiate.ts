import { StatusError } from "@fairlead/api/status-error";
import { createRecent } from "@fairlead/lib/recent";

/** A form in which objects are written. */
export type Format = "json" | "yaml" | "protobuf";

/** In which form, and as what, an object or a list is answered. */
export interface Negotiated {
  readonly format: Format;
  /**
   * `object`: as itself. `metadata`: `meta.k8s.io` PartialObjectMetadata, what every kind has. `table`: `meta.k8s.io` Table,
   * as `kubectl get` prints it.
   */
  readonly type: "object" | "metadata" | "table";
  /** Of `meta.k8s.io`; `v1` for `object`. */
  readonly version: "v1" | "v1beta1";
}

/**
 * Content of an answer: one object of a kind, a list, a watch, a review that is not stored, or a document without other
 * representations (a `Status`, discovery).
 */
export type Endpoint = "object" | "list" | "watch" | "question" | "document";

/** What can be had. */
export interface Offer {
  readonly endpoint: Endpoint;
  /** Whether objects are JSON or YAML alone, as those of custom resources. Their metadata is protobuf, too. Default: false. */
  readonly isTextOnly?: boolean;
}

const VERSIONS = ["v1", "v1beta1"] as const;
/** The formats and their media types; the first is for a client that takes any. */
const FORMATS: readonly (readonly [Format, string])[] = [
  ["json", "application/json"],
  ["yaml", "application/yaml"],
  ["protobuf", "application/vnd.kubernetes.protobuf"],
];

interface Clause {
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * Chooses among what a client accepts: the first clause of highest quality that can be served, exact types before
 * wildcards. As upstream, a clause of quality 0 is the last choice rather than none.
 *
 * @param accept - The `Accept` header. Absent or empty: JSON objects.
 * @throws {StatusError} `NotAcceptable` when nothing fits, for example YAML for a watch, or metadata of a list where there is
 * one object.
 */
export function negotiate(accept: string | undefined, offer: Offer): Negotiated {
  if (accept === undefined || accept === "") return JSON_OBJECT;
  for (const clause of preferred(accept)) {
    const found = served(clause, offer);
    if (found === undefined) continue;
    assertFits(found, offer.endpoint);
    return found.negotiated;
  }
  throw notAcceptable(offer.endpoint);
}

const JSON_OBJECT: Negotiated = { format: "json", type: "object", version: "v1" };

/** Headers that were read before: a client sends the same ones all the time. */
const known = createRecent<readonly Clause[]>(100);
/** Longer headers are not kept. */
const KNOWN_LENGTH_MAX = 300;

/** Returns the clauses of an `Accept` header, the preferred ones first. */
export function preferred(accept: string): readonly Clause[] {
  const before = known.get(accept);
  if (before !== undefined) return before;
  const wildcards = ({ mediaType }: Clause) => (mediaType === "*/*" ? 2 : mediaType.endsWith("/*") ? 1 : 0);
  const clauses = parseAccept(accept).toSorted((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b));
  if (accept.length <= KNOWN_LENGTH_MAX) known.set(accept, clauses);
  return clauses;
}

/** Most clauses that are looked at; browsers send some ten. */
const CLAUSES_MAX = 100;

function parseAccept(accept: string): readonly Clause[] {
  return accept.split(",", CLAUSES_MAX).map((text) => {
    const [mediaType = "", ...rest] = text.split(";").map((part) => part.trim());
    const parameters = new Map(
      rest.flatMap((part) => {
        const [name = "", value, more] = part.split("=");
        return value === undefined || more !== undefined ? [] : [[name.trim().toLowerCase(), value.trim()] as const];
      }),
    );
    const quality = Number(parameters.get("q") ?? 1);
    return {
      mediaType: mediaType === "*" ? "*/*" : mediaType.toLowerCase(),
      parameters,
      quality: Number.isNaN(quality) ? 0 : quality,
    };
  });
}

interface Served {
  readonly negotiated: Negotiated;
  /** The kind that the clause asks for, where it asks for one. */
  readonly as: string | undefined;
}

function served(clause: Clause, offer: Offer): Served | undefined {
  const as = clause.parameters.get("as") ?? "";
  for (const [format, mediaType] of FORMATS) {
    const negotiated = matches(clause, mediaType) ? servedAs(format, clause, offer) : undefined;
    if (negotiated !== undefined) return { negotiated, as: negotiated.type === "object" ? undefined : as };
  }
  return undefined;
}

/** Returns the first format that a media type of an `Accept` header takes. */
export function formatOf(mediaType: string): Format | undefined {
  return FORMATS.find(([, offered]) => matches({ mediaType }, offered))?.[0];
}

function matches({ mediaType }: Pick<Clause, "mediaType">, offered: string): boolean {
  return mediaType === offered || mediaType === "application/*" || mediaType === "*/*";
}

/** Returns what a clause gets in a format; `undefined` for what cannot be had in it. */
function servedAs(format: Format, { parameters }: Clause, offer: Offer): Negotiated | undefined {
  const parameter = (name: string) => parameters.get(name) ?? "";
  const [stream, sv] = [parameter("stream"), parameter("sv")];
  // There is one schema of streams and one server version. YAML has no streams, and documents have no versions.
  if (stream !== "" && (stream !== "watch" || format === "yaml")) return undefined;
  if (sv !== "" && (sv !== "v1" || offer.endpoint === "document")) return undefined;
  if (!parameters.has("as") && !parameters.has("g") && !parameters.has("v")) {
    return format === "protobuf" && offer.isTextOnly === true ? undefined : { ...JSON_OBJECT, format };
  }
  const version = VERSIONS.find((one) => one === parameters.get("v"));
  const type = transformed(parameter("as"), format, offer.endpoint);
  if (parameters.get("g") !== "meta.k8s.io" || version === undefined || type === undefined) return undefined;
  return { format, type, version };
}

function transformed(as: string, format: Format, endpoint: Endpoint): Negotiated["type"] | undefined {
  if (endpoint === "document") return undefined;
  if (as === "Table") return endpoint === "question" || format === "protobuf" ? undefined : "table";
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? "metadata" : undefined;
}

/** Refuses a preferred representation that the endpoint does not have. As upstream, other clauses are not tried. */
function assertFits({ negotiated: { format }, as }: Served, endpoint: Endpoint): void {
  if (endpoint === "watch") {
    if (format === "yaml") throw notAcceptable(endpoint);
    return;
  }
  const isList = endpoint === "list";
  if (as === "PartialObjectMetadata" && isList) {
    throw new StatusError("NotAcceptable", `you requested ${as}, but the requested object is a list`);
  }
  if (as === "PartialObjectMetadataList" && !isList) {
    throw new StatusError("NotAcceptable", `you requested ${as}, but the requested object is not a list`);
  }
}

function notAcceptable(endpoint: Endpoint): StatusError {
  const types = FORMATS.filter(([format]) => endpoint !== "watch" || format !== "yaml").map(([, type]) =>
    endpoint === "watch" ? `${type};stream=watch` : type,
  );
  return new StatusError("NotAcceptable", `only the following media types are accepted: ${types.join(", ")}`);
}
