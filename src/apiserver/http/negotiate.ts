import { StatusError } from "../../api/status-error.ts";

/** In which form objects are answered. */
export type Representation =
  | { readonly type: "object" }
  /** `meta.k8s.io/v1` PartialObjectMetadata: what every kind has. */
  | { readonly type: "metadata" }
  /** `meta.k8s.io` Table, as `kubectl get` prints it. */
  | { readonly type: "table"; readonly version: string };

const OBJECT: Representation = { type: "object" };
const TABLE_VERSIONS = ["v1", "v1beta1"];

interface Clause {
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * Chooses among what a client accepts: the first clause of highest quality that can be served.
 *
 * @param accept - The `Accept` header. Absent or empty: JSON objects.
 * @throws {StatusError} `NotAcceptable` when nothing fits, for example protobuf alone.
 */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept.trim() === "") return OBJECT;
  const clauses = parseAccept(accept).toSorted((a, b) => b.quality - a.quality);
  for (const clause of clauses) {
    const representation = served(clause);
    if (representation !== undefined) return representation;
  }
  throw new StatusError("NotAcceptable", "only the following media types are accepted: application/json");
}

/** The clauses of an `Accept` header in their order. */
export function parseAccept(accept: string): readonly Clause[] {
  return accept.split(",").map((text) => {
    const [mediaType = "", ...rest] = text.split(";").map((part) => part.trim());
    const parameters = new Map(
      rest.map((part) => {
        const [name = "", value = ""] = part.split("=");
        return [name.trim().toLowerCase(), value.trim()] as const;
      }),
    );
    const quality = Number(parameters.get("q") ?? 1);
    return { mediaType: mediaType.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
  });
}

function served({ mediaType, parameters }: Clause): Representation | undefined {
  if (!["application/json", "application/*", "*/*"].includes(mediaType)) return undefined;
  const as = parameters.get("as");
  if (as === undefined) return OBJECT;
  const version = parameters.get("v") ?? "";
  if (parameters.get("g") !== "meta.k8s.io" || !TABLE_VERSIONS.includes(version)) return undefined;
  if (as === "Table") return { type: "table", version };
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? { type: "metadata" } : undefined;
}
