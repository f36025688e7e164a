import { StatusError } from "../../api/status-error.ts";

/** In which form, and as what, an object or a list is answered. */
export interface Representation {
  readonly format: "json" | "yaml";
  /**
   * `object`: as itself. `metadata`: `meta.k8s.io` PartialObjectMetadata, what every kind has. `table`: `meta.k8s.io` Table,
   * as `kubectl get` prints it.
   */
  readonly type: "object" | "metadata" | "table";
  /** Of `meta.k8s.io`; `v1` for `object`. */
  readonly version: "v1" | "v1beta1";
  /** Whether the clause says `pretty=1`. */
  readonly pretty: boolean;
}

/**
 * Content of an answer: one object of a kind, a list, a watch, a review that is not stored, or a document without other
 * representations (a `Status`, discovery).
 */
export type Endpoint = "object" | "list" | "watch" | "question" | "document";

const VERSIONS = ["v1", "v1beta1"] as const;
/** Media types of objects; the first is for a client that takes any. */
const FORMATS = ["json", "yaml"] as const;

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
 * @throws {StatusError} `NotAcceptable` when nothing fits, for example protobuf alone, YAML for a watch, or metadata of
 * a list where there is one object.
 */
export function negotiate(accept: string | undefined, endpoint: Endpoint): Representation {
  if (accept === undefined || accept === "") return JSON_OBJECT;
  for (const clause of preferred(accept)) {
    const found = served(clause, endpoint);
    if (found === undefined) continue;
    assertFits(found, endpoint);
    return found.representation;
  }
  throw notAcceptable(endpoint);
}

const JSON_OBJECT: Representation = { format: "json", type: "object", version: "v1", pretty: false };

/** Returns the clauses of an `Accept` header, the preferred ones first. */
export function preferred(accept: string): readonly Clause[] {
  const wildcards = ({ mediaType }: Clause) => (mediaType === "*/*" ? 2 : mediaType.endsWith("/*") ? 1 : 0);
  return parseAccept(accept).toSorted((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b));
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
  readonly representation: Representation;
  /** The kind that the clause asks for, where it asks for one. */
  readonly as: string | undefined;
}

function served({ mediaType, parameters }: Clause, endpoint: Endpoint): Served | undefined {
  const format = FORMATS.find((one) => [`application/${one}`, "application/*", "*/*"].includes(mediaType));
  if (format === undefined) return undefined;
  // There is one schema of streams and one server version.
  if (!["watch", ""].includes(parameters.get("stream") ?? "")) return undefined;
  if (!["v1", ""].includes(parameters.get("sv") ?? "")) return undefined;
  const pretty = parameters.get("pretty") === "1";
  if (!["as", "g", "v"].some((name) => parameters.has(name))) {
    return { representation: { ...JSON_OBJECT, format, pretty }, as: undefined };
  }
  const as = parameters.get("as") ?? "";
  const version = VERSIONS.find((one) => one === parameters.get("v"));
  const type = transformed(as, endpoint);
  if (parameters.get("g") !== "meta.k8s.io" || version === undefined || type === undefined) return undefined;
  return { representation: { format, type, version, pretty }, as };
}

function transformed(as: string, endpoint: Endpoint): Representation["type"] | undefined {
  if (endpoint === "document") return undefined;
  if (as === "Table") return endpoint === "question" ? undefined : "table";
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? "metadata" : undefined;
}

/** Refuses a preferred representation that the endpoint does not have. As upstream, other clauses are not tried. */
function assertFits({ representation: { format }, as }: Served, endpoint: Endpoint): void {
  if (endpoint === "watch") {
    if (format !== "json") throw notAcceptable(endpoint);
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
  const served =
    endpoint === "watch" ? ["application/json;stream=watch"] : FORMATS.map((format) => `application/${format}`);
  return new StatusError("NotAcceptable", `only the following media types are accepted: ${served.join(", ")}`);
}
