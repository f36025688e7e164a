import type { JsonSchema, ValidationRule } from "../json-schema.ts";

const TEXT: JsonSchema = { type: "string" };
const INTEGER: JsonSchema = { type: "integer" };

/** A schema with rules, a value, and what the rules say about it. */
export interface RuleFinding {
  readonly title: string;
  readonly schema: JsonSchema;
  readonly value: object;
  readonly previous?: object;
  readonly errors: readonly string[];
  readonly warnings?: readonly string[];
}

function ruled(rules: readonly ValidationRule[], properties: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return { type: "object", properties, "x-kubernetes-validations": rules };
}

const POSITIVE: JsonSchema = { ...INTEGER, "x-kubernetes-validations": [{ rule: "self > 0" }] };
const KEPT: JsonSchema = { ...INTEGER, "x-kubernetes-validations": [{ rule: "self == oldSelf" }] };
const PARTS: JsonSchema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["id"],
  items: { type: "object", properties: { id: TEXT, n: POSITIVE, k: KEPT } },
};

/** What rules say in Kubernetes 1.35. */
export const RULE_FINDINGS: readonly RuleFinding[] = [
  {
    title: "an object is not shown, a scalar is",
    schema: ruled([{ rule: "self.n == 1" }], { n: POSITIVE }),
    value: { n: 0 },
    errors: ["<nil>: Invalid value: failed rule: self.n == 1", "n: Invalid value: 0: failed rule: self > 0"],
  },
  {
    title: "a message takes the place of the rule",
    schema: ruled([{ rule: "self.n == 1", message: " must be one " }], { n: INTEGER }),
    value: { n: 0 },
    errors: ["<nil>: Invalid value: must be one"],
  },
  {
    title: "reasons and fields to blame",
    schema: ruled(
      [
        { rule: "false", message: "m", reason: "FieldValueRequired", fieldPath: ".a.b" },
        { rule: "false", message: "m", reason: "FieldValueForbidden", fieldPath: ".a['c.d']" },
        { rule: "false", message: "m", reason: "FieldValueDuplicate", fieldPath: ".a" },
        { rule: "false", message: "m", reason: "FieldValueInvalid" },
      ],
      { a: { type: "object", properties: { b: TEXT, "c.d": TEXT } } },
    ),
    value: { a: {} },
    errors: ["a.b: Required value: m", "a.c.d: Forbidden: m", "a: Duplicate value", "<nil>: Invalid value: m"],
  },
  {
    title: "messages of expressions; one without a usable text is not used",
    schema: ruled(
      [
        { rule: "false", messageExpression: "'n is ' + string(self.n) + ' '" },
        { rule: "false", messageExpression: "self.list[3]" },
        { rule: "false", messageExpression: "'a\\nb'", message: "kept" },
        { rule: "false", messageExpression: "''" },
      ],
      { n: INTEGER, list: { type: "array", items: TEXT } },
    ),
    value: { n: 3, list: [] },
    errors: [
      "<nil>: Invalid value: n is 3",
      "<nil>: Invalid value: failed rule: false",
      "<nil>: Invalid value: kept",
      "<nil>: Invalid value: failed rule: false",
    ],
  },
  {
    title: "expressions without a value",
    schema: ruled(
      [
        { rule: "self.list[1] == 'a'" },
        { rule: "self.map['k'] == 'a'" },
        { rule: "1 / size(self.list) == 1" },
        { rule: "self.any + 1 > 0" },
      ],
      {
        list: { type: "array", items: TEXT },
        map: { type: "object", additionalProperties: TEXT },
        any: { "x-kubernetes-int-or-string": true },
      },
    ),
    value: { list: [], map: {}, any: "x" },
    errors: [
      "<nil>: Invalid value: \"object\": index out of bounds: 1 evaluating rule: self.list[1] == 'a'",
      "<nil>: Invalid value: \"object\": no such key: k evaluating rule: self.map['k'] == 'a'",
      '<nil>: Invalid value: "object": division by zero evaluating rule: 1 / size(self.list) == 1',
      "<nil>: Invalid value: \"object\": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.any + 1 > 0",
    ],
  },
  {
    title: "values in lists and maps; null is not checked",
    schema: ruled([], {
      list: { type: "array", items: { ...POSITIVE, nullable: true } },
      map: { type: "object", additionalProperties: POSITIVE },
    }),
    value: { list: [1, 0, null], map: { "a.b": -1 } },
    errors: ["list[1]: Invalid value: 0: failed rule: self > 0", "map[a.b]: Invalid value: -1: failed rule: self > 0"],
  },
  {
    title: "an empty set stays a set where it is bound to a name",
    schema: ruled([{ rule: "self.?colors.optMap(c, c + ['a', 'a']).value() == ['a']" }], {
      colors: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
    }),
    value: { colors: [] },
    errors: [],
  },
  {
    title: "rules in allOf",
    schema: {
      type: "object",
      properties: { n: { ...POSITIVE, allOf: [{ "x-kubernetes-validations": [{ rule: "self < 10" }] }] } },
    },
    value: { n: 11 },
    errors: ["n: Invalid value: 11: failed rule: self < 10"],
  },
  {
    title: "what was wrong before is accepted with a warning where it did not change",
    schema: ruled([], { n: POSITIVE, m: POSITIVE, parts: PARTS }),
    value: {
      n: 0,
      m: -1,
      parts: [
        { id: "a", n: 0 },
        { id: "b", n: -1 },
        { id: "new", n: 0 },
      ],
    },
    previous: {
      n: 0,
      m: -2,
      parts: [
        { id: "b", n: -1 },
        { id: "a", n: -5 },
      ],
    },
    errors: [
      "m: Invalid value: -1: failed rule: self > 0",
      "parts[0].n: Invalid value: 0: failed rule: self > 0",
      "parts[2].n: Invalid value: 0: failed rule: self > 0",
    ],
    warnings: ["n: Invalid value: 0: failed rule: self > 0", "parts[1].n: Invalid value: -1: failed rule: self > 0"],
  },
  {
    title: "items of a list without keys are accepted with the list only",
    schema: ruled([], { same: { type: "array", items: POSITIVE }, other: { type: "array", items: POSITIVE } }),
    value: { same: [0], other: [0] },
    previous: { same: [0], other: [0, 0] },
    errors: ["other[0]: Invalid value: 0: failed rule: self > 0"],
    warnings: ["same[0]: Invalid value: 0: failed rule: self > 0"],
  },
  {
    title: "rules about changes need a value before; they are never accepted",
    schema: ruled([], { n: KEPT, fresh: KEPT, parts: PARTS }),
    value: {
      n: 2,
      fresh: 1,
      parts: [
        { id: "b", n: 1, k: 2 },
        { id: "c", n: 1, k: 9 },
      ],
    },
    previous: { n: 1, parts: [{ id: "b", n: 1, k: 1 }] },
    errors: [
      "n: Invalid value: 2: failed rule: self == oldSelf",
      "parts[0].k: Invalid value: 2: failed rule: self == oldSelf",
    ],
  },
  {
    title: "an optional value before",
    schema: ruled([], {
      n: {
        ...INTEGER,
        "x-kubernetes-validations": [{ rule: "!oldSelf.hasValue() || oldSelf.value() < self", optionalOldSelf: true }],
      },
      fresh: { ...INTEGER, "x-kubernetes-validations": [{ rule: "oldSelf.orValue(7) == 7", optionalOldSelf: true }] },
    }),
    value: { n: 1, fresh: 1 },
    previous: { n: 2 },
    errors: ["n: Invalid value: 1: failed rule: !oldSelf.hasValue() || oldSelf.value() < self"],
  },
  {
    title: "an expression that costs too much ends the evaluation",
    schema: ruled([{ rule: "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))" }, { rule: "false" }]),
    value: {},
    errors: [
      "<nil>: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))",
    ],
  },
  {
    title: "the rules of an object may cost a limited sum",
    schema: ruled([], {
      list: {
        type: "array",
        items: { ...INTEGER, "x-kubernetes-validations": [{ rule: "lists.range(1000).map(n, n).all(n, n >= 0)" }] },
      },
    }),
    value: { list: Array.from({ length: 600 }, () => 1) },
    errors: [
      'list[525]: Invalid value: "integer": validation failed due to running out of cost budget, no further validation rules will be run',
    ],
  },
];
