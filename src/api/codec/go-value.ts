import { goQuote } from "../go-quote.ts";
import { isJsonNumber } from "./json-number.ts";
import { type Notation, nestedText } from "./nested-text.ts";

const PLAIN: Notation = {
  list: ["[", "]"],
  object: ["map[", "]"],
  separator: " ",
  sorts: true,
  key: (name) => `${name}:`,
  scalar: (value) => (value === null || value === undefined ? "<nil>" : String(value)),
};

const SYNTAX: Notation = {
  list: ["[]interface {}{", "}"],
  object: ["map[string]interface {}{", "}"],
  separator: ", ",
  sorts: true,
  key: (name) => `${goQuote(name)}:`,
  scalar(value) {
    if (value === null || value === undefined) return "interface {}(nil)";
    return typeof value === "string" ? goQuote(value) : String(value);
  },
};

/** Returns a JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`. Go has no limit of length either. */
export function goValue(value: unknown): string {
  return nestedText(value, PLAIN);
}

/** Returns a JSON value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: unknown): string {
  return nestedText(value, SYNTAX);
}

/** Returns the Go type of a decoded JSON value, as `%T` prints it. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    case "bigint":
      return "int64";
    default:
      return isJsonNumber(value) ? "float64" : "map[string]interface {}";
  }
}
