import { EvaluationProblem } from "../evaluation-problem.ts";
import { BOOL, type CelType, optionalOf, param } from "../type.ts";
import { type CelValue, Duration, isCelList, isCelMap, Optional, Timestamp, Uint } from "../value.ts";
import { TIME_MIN } from "./arithmetic.ts";
import { fn, member, type Overload } from "./overload.ts";

const T = param("T");
const OPTIONAL: CelType = optionalOf(T);

/** Whether a value is the one that a field of its type has when it is not set. */
function isZero(value: CelValue): boolean {
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Timestamp) return value.nanos === TIME_MIN;
  if (isCelList(value) || value instanceof Uint8Array) return value.length === 0;
  if (isCelMap(value)) return value.size === 0;
  return value === null || value === false || value === "" || value === 0 || value === 0n;
}

function presentValue({ value }: Optional): CelValue {
  if (value === undefined) throw new EvaluationProblem("optional.none() dereference");
  return value;
}

/** Values that may be absent. Selection and indexing of them are known to evaluation. */
export const optionals: readonly (readonly [string, readonly Overload[]])[] = [
  ["optional.of", [fn("optional_of", [T], OPTIONAL, (value: CelValue) => new Optional(value))]],
  [
    "optional.ofNonZeroValue",
    [
      fn(
        "optional_ofNonZeroValue",
        [T],
        OPTIONAL,
        (value: CelValue) => new Optional(isZero(value) ? undefined : value),
      ),
    ],
  ],
  ["optional.none", [fn("optional_none", [], OPTIONAL, () => new Optional(undefined))]],
  ["hasValue", [member("optional_hasValue", [OPTIONAL], BOOL, ({ value }: Optional) => value !== undefined)]],
  ["value", [member("optional_value", [OPTIONAL], T, presentValue)]],
  [
    "or",
    [
      member("optional_or_optional", [OPTIONAL, OPTIONAL], OPTIONAL, (a: Optional, b: Optional) =>
        a.value === undefined ? b : a,
      ),
    ],
  ],
  [
    "orValue",
    [member("optional_orValue_value", [OPTIONAL, T], T, ({ value }: Optional, other: CelValue) => value ?? other)],
  ],
];
