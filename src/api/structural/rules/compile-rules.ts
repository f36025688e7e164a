import { ownValue } from "../../own-property.ts";
import type { JsonSchema } from "../json-schema.ts";
import { type CompiledRule, compileRule } from "./compile-rule.ts";
import { escapedName } from "./escape-name.ts";
import { type SizedType, sizedType } from "./sized-type.ts";

/** The rules for one value and the values in it. Parts of a schema below which there are none have no node. */
export interface RuleNode {
  /** What the rules see of a value. */
  readonly schema: JsonSchema;
  /** Whether the value is an object of the API. */
  readonly isObject: boolean;
  readonly rules: readonly CompiledRule[];
  /** Why no rule can be evaluated. */
  readonly error?: string;
  readonly items?: RuleNode | undefined;
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly values?: RuleNode | undefined;
  /** Rules that stand in `allOf`, for the same value. */
  readonly allOf: readonly RuleNode[];
}

/**
 * Compiles the rules of a schema.
 *
 * @param isObject - Whether it is the schema of an object of the API.
 * @returns `undefined` for a schema without rules.
 *
 * Source: `NewValidator` of upstream's pkg/apiserver/schema/cel/validation.go.
 */
export function compileRules(schema: JsonSchema, isObject: boolean): RuleNode | undefined {
  return hasRules(schema)
    ? nodeOf({ schema, rulesOf: schema, isObject, type: sizedType(schema, isObject) })
    : undefined;
}

/** Rules in `allOf` alone are never evaluated, as upstream. */
function hasRules(schema: JsonSchema): boolean {
  const { "x-kubernetes-validations": rules = [], items, properties = {}, additionalProperties } = schema;
  const below = [
    items,
    ...Object.values(properties),
    typeof additionalProperties === "object" ? additionalProperties : undefined,
  ];
  return rules.length > 0 || below.some((one) => one !== undefined && hasRules(one));
}

interface Part {
  /** What the values are. */
  readonly schema: JsonSchema;
  /** What has the rules: the same schema, or one of `allOf`. */
  readonly rulesOf: JsonSchema;
  readonly isObject: boolean;
  readonly type: SizedType | undefined;
}

function nodeOf(part: Part): RuleNode | undefined {
  const { schema, rulesOf, isObject, type } = part;
  const { "x-kubernetes-validations": rules = [], allOf = [] } = rulesOf;
  const node = {
    schema,
    isObject,
    rules: type === undefined ? [] : rules.map((rule) => compileRule(rule, schema, type)),
    ...(rules.length > 0 && type === undefined && { error: "failed to convert to declType for CEL validation rules" }),
    items: innerNode(part, schema.items, rulesOf.items),
    properties: propertyNodes(part),
    values: innerNode(part, schema.additionalProperties, rulesOf.additionalProperties),
    allOf: allOf.map((one) => nodeOf({ ...part, rulesOf: one })).filter((one) => one !== undefined),
  };
  const isNeeded = rules.length > 0 || node.items !== undefined || node.values !== undefined;
  return isNeeded || node.properties.size > 0 || node.allOf.length > 0 ? node : undefined;
}

type InnerSchema = JsonSchema | boolean | undefined;

/** The node of the items of a list or the values of a map. */
function innerNode({ type }: Part, schema: InnerSchema, rulesOf: InnerSchema): RuleNode | undefined {
  if (typeof schema !== "object" || typeof rulesOf !== "object") return undefined;
  return nodeOf({ schema, rulesOf, isObject: schema["x-kubernetes-embedded-resource"] === true, type: type?.items });
}

/** Rules about fields that expressions do not see are not evaluated. */
function propertyNodes({ schema, rulesOf, type }: Part): ReadonlyMap<string, RuleNode> {
  const nodes = new Map<string, RuleNode>();
  for (const [name, rules] of Object.entries(rulesOf.properties ?? {})) {
    const property = ownValue(schema.properties, name);
    if (property === undefined) continue;
    const isObject = property["x-kubernetes-embedded-resource"] === true;
    const escaped = escapedName(name);
    const own = escaped === undefined ? sizedType(property, isObject) : type?.fields?.get(escaped);
    const node = own && nodeOf({ schema: property, rulesOf: rules, isObject, type: own });
    if (node !== undefined) nodes.set(name, node);
  }
  return nodes;
}
