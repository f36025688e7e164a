import { isReservedWord } from "../../cel/field-name.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};

/**
 * Returns the name by which an expression reads a property: `__namespace__`, `x__dash__y`.
 *
 * @returns `undefined` for a property that no expression can name.
 * Source: k8s.io/apiserver/pkg/cel/escaping.go.
 */
export function escapedName(name: string): string | undefined {
  if (isReservedWord(name)) return `__${name}__`;
  if (!/^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/.test(name)) return undefined;
  return name.replace(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}
