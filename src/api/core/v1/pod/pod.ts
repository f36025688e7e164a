import type { Subresource } from "../../../kind.ts";
import { defineKind } from "../../../kind.ts";
import { evictionSchema } from "../../../policy/v1/eviction/eviction-schema.ts";

import { bindingSchema } from "../binding/binding-schema.ts";
import { podColumns } from "./pod-columns.ts";
import { withPodDefaults } from "./pod-defaults.ts";
import type { Pod } from "./pod-schema.ts";
import { podSchema } from "./pod-schema.ts";
import { podNameProblems, validatePod } from "./validation/validate-pod.ts";
import { podWriteWarnings } from "./warnings/pod-warnings.ts";

export type * from "./pod-schema.ts";

const RESIZED_FIELDS = ["containers", "initContainers"].flatMap((list) =>
  ["resources", "resizePolicy"].map((name) => ["spec", list, "*", name]),
);

const podSubresources: readonly Subresource[] = [
  { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
  { name: "binding", kind: "Binding", schema: bindingSchema, verbs: ["create"] },
  { name: "ephemeralcontainers", kind: "Pod", verbs: ["get", "patch", "update"] },
  { name: "eviction", kind: "Eviction", group: "policy", version: "v1", schema: evictionSchema, verbs: ["create"] },
  { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
  { name: "log", kind: "Pod", verbs: ["get"] },
  { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  { name: "proxy", kind: "PodProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
  { name: "resize", kind: "Pod", verbs: ["get", "patch", "update"], writes: RESIZED_FIELDS },
];

export const podKind = defineKind<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  schema: podSchema,
  hasGeneration: true,
  subresources: podSubresources,
  columns: podColumns,
  withDefaults: withPodDefaults,
  validate: validatePod,
  warnings: podWriteWarnings,
  validateName: podNameProblems,
  selectableFields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    // The name that old clients use.
    "spec.host": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy,
    "spec.schedulerName": ({ spec }) => spec.schedulerName,
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status.phase ?? "",
    "status.podIP": ({ status }) => status.podIP ?? "",
    // As upstream: a selector may name this field, but no pod has a value for it.
    "status.podIPs": () => "",
    "status.nominatedNodeName": ({ status }) => status.nominatedNodeName ?? "",
  },
});
