import type { Field, Schema, Struct } from "@fairlead/api/schema";

const zeros = new WeakMap<Struct, Readonly<Record<string, unknown>>>();

/**
 * Returns the JSON of a new, empty object of a struct: the fields that upstream's Go type writes even when nothing is
 * set. Ownership is tracked against it when an object is created, so that `f:spec` itself is not owned and `f:replicas` is.
 */
export function zeroStruct(struct: Struct): Readonly<Record<string, unknown>> {
  const known = zeros.get(struct);
  if (known !== undefined) return known;
  const written = Object.entries(struct.fields).filter(([, field]) => isAlwaysWritten(field));
  const zero = Object.fromEntries(written.map(([name, { schema }]) => [name, zeroValue(schema)]));
  zeros.set(struct, zero);
  return zero;
}

/** Whether upstream's field is no pointer and has no `omitempty` that applies to it. */
function isAlwaysWritten({ options }: Field): boolean {
  if (options.keepEmpty === true) return false;
  return options.required === true || options.present === true || options.filled === true;
}

function zeroValue(schema: Schema): unknown {
  switch (schema.type) {
    case "struct":
      return zeroStruct(schema);
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "double":
    case "intOrString":
      return 0;
    case "string":
      return "";
    case "quantity":
      return "0";
    default:
      return null;
  }
}
