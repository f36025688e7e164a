import { goQuote } from "@fairlead/api/go-quote";
import { badRequest } from "../registry/refusals.ts";
import type { ServedVersion } from "../registry/served-version.ts";
import { jsonWriter } from "./json/json-writer.ts";
import { metadataForm as jsonMetadata } from "./json/metadata-form.ts";
import { objectForm as jsonObjects } from "./json/object-form.ts";
import { type IncludeObject, tableForm } from "./json/table-form.ts";
import type { Format, Negotiated } from "./negotiate.ts";
import type { ObjectWriter } from "./object-writer.ts";
import type { EncodedItems } from "./protobuf/encoded-items.ts";
import { metadataForm, objectForm } from "./protobuf/protobuf-form.ts";
import { protobufWriter } from "./protobuf/protobuf-writer.ts";
import { yamlWriter } from "./yaml/yaml-writer.ts";

/** In which form, and as what, a request is answered. */
export interface Representation {
  readonly format: Format;
  /** Returns a writer for objects of a version. */
  writer(version: ServedVersion): ObjectWriter;
}

export interface RepresentationOptions {
  /** `includeObject` of the query: what a row of a table carries. */
  readonly includeObject: string | null;
  /** What lists in protobuf had before. */
  readonly encodedItems: EncodedItems;
  /** Returns the time of day in milliseconds since the epoch, for ages in tables. */
  now(): number;
}

/** @throws {StatusError} `BadRequest` for a table with an unknown `includeObject`. */
export function representation(negotiated: Negotiated, options: RepresentationOptions): Representation {
  const { format, type, version } = negotiated;
  if (format === "protobuf") {
    const formOf = ({ kind }: ServedVersion) => (type === "metadata" ? metadataForm(version) : objectForm(kind));
    return { format, writer: (served) => protobufWriter(formOf(served), options.encodedItems) };
  }
  const formOf = jsonForms(negotiated, options);
  const json = (served: ServedVersion) => jsonWriter(() => formOf(served));
  return { format, writer: format === "yaml" ? (served) => yamlWriter(json(served)) : json };
}

function jsonForms({ type, version }: Negotiated, { includeObject, now }: RepresentationOptions) {
  switch (type) {
    case "object":
      return ({ kind, splicer }: ServedVersion) => jsonObjects(kind, splicer);
    case "metadata":
      return () => jsonMetadata(version);
    case "table": {
      const included = includedObject(includeObject);
      return (served: ServedVersion) => tableForm({ served, version, includeObject: included, now });
    }
  }
}

const INCLUDE_OBJECT: readonly IncludeObject[] = ["None", "Metadata", "Object"];

function includedObject(value: string | null): IncludeObject {
  if (value === null || value === "") return "Metadata";
  const known = INCLUDE_OBJECT.find((policy) => policy === value);
  if (known === undefined) throw badRequest(`unrecognized includeObject value: ${goQuote(value)}`);
  return known;
}
