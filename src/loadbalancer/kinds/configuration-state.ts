import type { Condition } from "@fairlead/api/meta/v1/condition";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Whether what is written in MetalLB's kinds is in force, as one program sees it (https://metallb.io/apis/#configurationstate). */
export interface ConfigurationState extends KubeObject {
  readonly status?: ConfigurationStateStatus;
}

export interface ConfigurationStateStatus {
  readonly result?: "Valid" | "Invalid" | "Unknown";
  /** Empty when it is Valid. */
  readonly errorSummary?: string;
  readonly conditions?: readonly Condition[];
}

/** Longest message of a condition, as Kubernetes has it. */
export const MESSAGE_LENGTH_MAX = 32_768;

export const configurationStates: ResourceReference<ConfigurationState> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "ConfigurationState",
  plural: "configurationstates",
  namespaced: true,
};
