/** What objects carry. Absent labels are no labels. */
export type Labels = Readonly<Record<string, string>>;

/** How a label is compared. `Gt` and `Lt` compare whole numbers. */
export type RequirementOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

/** One condition on labels. */
export interface Requirement {
  readonly key: string;
  readonly operator: RequirementOperator;
  /** Empty for `Exists` and `DoesNotExist`, exactly one whole number for `Gt` and `Lt`. */
  readonly values: readonly string[];
}

/** Whether the labels meet one condition. A label that is not there is `NotIn` everything, and neither less nor more than anything. */
export function meetsRequirement({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compares(value, values[0], (a, b) => a > b);
    case "Lt":
      return compares(value, values[0], (a, b) => a < b);
  }
}

/** Whether the labels meet all conditions. */
export function meetsAll(requirements: readonly Requirement[], labels: Labels = {}): boolean {
  return requirements.every((requirement) => meetsRequirement(requirement, labels));
}

function compares(a: string | undefined, b: string | undefined, holds: (a: bigint, b: bigint) => boolean): boolean {
  return isInteger(a) && isInteger(b) && holds(BigInt(a), BigInt(b));
}

/** A decimal whole number, with or without a sign. */
export function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^[+-]?\d+$/.test(text);
}
