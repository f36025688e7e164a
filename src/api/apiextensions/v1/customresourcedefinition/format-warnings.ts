import { deepEqual } from "../../../deep-equal.ts";
import { isKnownFormat } from "../../../formats/formats.ts";
import { goQuote } from "../../../go-quote.ts";
import { type CustomResourceDefinition, schemaOfVersion } from "./customresourcedefinition-schema.ts";
import { someSchema } from "./declared-json-schema.ts";

/** Returns a warning for every format that upstream does not know, and that the stored definition does not have. */
export function formatWarnings(
  definition: CustomResourceDefinition,
  previous: CustomResourceDefinition | undefined,
  subresource: string,
): readonly string[] {
  if (subresource !== "") return [];
  const before = new Set(previous === undefined ? [] : unknownFormats(previous));
  return unknownFormats(definition)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${goQuote(format)}`);
}

function unknownFormats({ spec }: CustomResourceDefinition): readonly string[] {
  const schemas = spec.versions.map(schemaOfVersion).filter((schema) => schema !== undefined);
  const isShared = schemas.length === spec.versions.length && schemas.every((schema) => deepEqual(schema, schemas[0]));
  const formats: string[] = [];
  for (const schema of isShared ? schemas.slice(0, 1) : schemas) {
    someSchema(schema, ({ format = "", type }) => {
      if (format !== "" && type === "string" && !isKnownFormat(format)) formats.push(format);
      return false;
    });
  }
  return formats;
}
