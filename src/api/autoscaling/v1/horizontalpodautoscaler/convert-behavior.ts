import { decodeValue } from "../../../codec/decode.ts";
import { field, type Infer, list, struct, t } from "../../../schema.ts";
import type {
  HorizontalPodAutoscalerBehavior,
  HPAScalingPolicy,
  HPAScalingRules,
} from "../../v2/horizontalpodautoscaler/behavior.ts";

/*
 * The behavior as an annotation of `autoscaling/v1` carries it: upstream writes a Go value without names for JSON into it.
 */

const policySchema = struct("HPAScalingPolicy", "", {
  Type: field(1, t.string, "", { required: true }),
  Value: field(2, t.int32, "", { required: true }),
  PeriodSeconds: field(3, t.int32, "", { required: true }),
});
const rulesSchema = struct("HPAScalingRules", "", {
  StabilizationWindowSeconds: field(1, t.int32, "", { keepEmpty: true }),
  SelectPolicy: field(2, t.string, "", { keepEmpty: true }),
  Policies: field(3, list(policySchema), "", { keepEmpty: true }),
  Tolerance: field(4, t.quantity, ""),
});
const behaviorSchema = struct("HorizontalPodAutoscalerBehavior", "", {
  ScaleUp: field(1, rulesSchema, ""),
  ScaleDown: field(2, rulesSchema, ""),
});
type AnnotatedRules = Infer<typeof rulesSchema>;

export function annotatedBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): object {
  return { ScaleUp: annotatedRules(scaleUp), ScaleDown: annotatedRules(scaleDown) };
}

/** Go writes every field, and null for those that are not set. */
function annotatedRules(rules: HPAScalingRules | undefined): object | null {
  if (rules === undefined) return null;
  const { stabilizationWindowSeconds, selectPolicy, policies, tolerance } = rules;
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    Policies:
      policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ??
      null,
    Tolerance: tolerance ?? null,
  };
}

/** Reads what {@link annotatedBehavior} wrote; `undefined` for anything else, and for a behavior without rules. */
export function behaviorOf(json: unknown): HorizontalPodAutoscalerBehavior | undefined {
  const decoded = decodeValue(behaviorSchema, json);
  if ("error" in decoded) return undefined;
  const { ScaleUp, ScaleDown } = decoded.value as Infer<typeof behaviorSchema>;
  if (ScaleUp === undefined && ScaleDown === undefined) return undefined;
  return {
    ...(ScaleUp !== undefined && { scaleUp: rulesOf(ScaleUp) }),
    ...(ScaleDown !== undefined && { scaleDown: rulesOf(ScaleDown) }),
  };
}

function rulesOf(rules: AnnotatedRules): HPAScalingRules {
  const { StabilizationWindowSeconds, SelectPolicy, Policies, Tolerance } = rules;
  return {
    ...(StabilizationWindowSeconds !== undefined && { stabilizationWindowSeconds: StabilizationWindowSeconds }),
    ...(SelectPolicy !== undefined && { selectPolicy: SelectPolicy }),
    ...(Policies !== undefined && {
      policies: Policies.map(
        ({ Type, Value, PeriodSeconds }): HPAScalingPolicy => ({
          type: Type,
          value: Value,
          periodSeconds: PeriodSeconds,
        }),
      ),
    }),
    ...(Tolerance !== undefined && { tolerance: Tolerance }),
  };
}
