import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { parse, YAMLError } from "yaml";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import { type AnnotationRule, DEFAULT_RULES } from "./provider-annotations.ts";

/** The `namespace/name` of the ConfigMap with the table of annotations. */
export const ANNOTATION_RULES = `${METALLB_NAMESPACE}/annotation-pools`;
/** Its key. */
const KEY = "rules";

/** The rules in force, and why those of the ConfigMap are not. */
export interface ReadRules {
  readonly rules: readonly AnnotationRule[];
  readonly problem?: string;
}

/** Reads the table of annotations, in YAML or JSON: a list of `annotation`, `value`, `pool`, `optional`. Default: {@link DEFAULT_RULES}. */
export function readAnnotationRules(configMap: ConfigMap | undefined): ReadRules {
  if (configMap === undefined) return { rules: DEFAULT_RULES };
  const text = configMap.data?.[KEY];
  if (text === undefined) return wrong(`it has no key "${KEY}"`);
  let written: unknown;
  try {
    written = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error;
    return wrong(error.message);
  }
  if (!Array.isArray(written)) return wrong(`"${KEY}" is not a list`);
  const rules = written.map(readRule);
  const problem = rules.find((rule) => typeof rule === "string");
  return problem === undefined ? { rules: rules.filter((rule) => typeof rule !== "string") } : wrong(problem);
}

/** Returns a problem where it is none. */
function readRule(written: unknown, at: number): AnnotationRule | string {
  if (typeof written !== "object" || written === null) return `rule ${at + 1} is not a mapping`;
  const { annotation, value, pool, optional, ...others } = written as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `rule ${at + 1} has an unknown field "${unknown}"`;
  if (typeof annotation !== "string" || typeof pool !== "string") {
    return `rule ${at + 1} has no text for annotation and pool`;
  }
  if (value !== undefined && typeof value !== "string")
    return `the value of rule ${at + 1} is no text: put it in quotes`;
  if (optional !== undefined && typeof optional !== "boolean") return `optional of rule ${at + 1} is not true or false`;
  return { annotation, pool, ...(value !== undefined && { value }), ...(optional && { isOptional: true }) };
}

function wrong(problem: string): ReadRules {
  return { rules: DEFAULT_RULES, problem };
}
