import type { Infer } from "../../../schema.ts";
import { field, inlined, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";

export const configMapKeySelectorSchema = struct(
  "io.k8s.api.core.v1.ConfigMapKeySelector",
  "A key of a ConfigMap.",
  {
    ...inlined(1, localObjectReferenceSchema),
    key: field(2, t.string, "Which key.", { required: true }),
    optional: field(3, t.bool, "Whether it may be missing.", { keepEmpty: true }),
  },
  { atomic: true },
);
export type ConfigMapKeySelector = Infer<typeof configMapKeySelectorSchema>;

export const fileKeySelectorSchema = struct(
  "io.k8s.api.core.v1.FileKeySelector",
  "A key of a file of environment variables.",
  {
    volumeName: field(1, t.string, "Volume with the file.", { required: true }),
    path: field(2, t.string, "Path of the file in the volume.", { required: true }),
    key: field(3, t.string, "Which key.", { required: true }),
    optional: field(4, t.bool, "Whether it may be missing.", { keepEmpty: true }),
  },
  { atomic: true },
);
export type FileKeySelector = Infer<typeof fileKeySelectorSchema>;

export const objectFieldSelectorSchema = struct(
  "io.k8s.api.core.v1.ObjectFieldSelector",
  "A field of the pod.",
  {
    apiVersion: field(1, t.string, "API version that the path is written in.", { default: "v1" }),
    fieldPath: field(2, t.string, "Path of the field, for example metadata.name.", { required: true }),
  },
  { atomic: true },
);
export type ObjectFieldSelector = Infer<typeof objectFieldSelectorSchema>;

export const resourceFieldSelectorSchema = struct(
  "io.k8s.api.core.v1.ResourceFieldSelector",
  "A resource of a container.",
  {
    containerName: field(1, t.string, "Which container; the own one otherwise."),
    resource: field(2, t.string, "Which resource, for example limits.cpu.", { required: true }),
    divisor: field(3, t.quantity, "Unit in which it is given.", { default: "0" }),
  },
  { atomic: true },
);
export type ResourceFieldSelector = Infer<typeof resourceFieldSelectorSchema>;

export const secretKeySelectorSchema = struct(
  "io.k8s.api.core.v1.SecretKeySelector",
  "A key of a Secret.",
  {
    ...inlined(1, localObjectReferenceSchema),
    key: field(2, t.string, "Which key.", { required: true }),
    optional: field(3, t.bool, "Whether it may be missing.", { keepEmpty: true }),
  },
  { atomic: true },
);
export type SecretKeySelector = Infer<typeof secretKeySelectorSchema>;

export const envVarSourceSchema = struct(
  "io.k8s.api.core.v1.EnvVarSource",
  "Where the value of an environment variable comes from. Set one.",
  {
    fieldRef: field(1, objectFieldSelectorSchema, "A field of the pod."),
    resourceFieldRef: field(2, resourceFieldSelectorSchema, "A resource of a container."),
    configMapKeyRef: field(3, configMapKeySelectorSchema, "A key of a ConfigMap."),
    secretKeyRef: field(4, secretKeySelectorSchema, "A key of a Secret."),
    fileKeyRef: field(5, fileKeySelectorSchema, "A key of a file."),
  },
);
export type EnvVarSource = Infer<typeof envVarSourceSchema>;

export const envVarSchema = struct("io.k8s.api.core.v1.EnvVar", "An environment variable.", {
  name: field(1, t.string, "Name of the variable.", { required: true }),
  value: field(2, t.string, "Value of the variable. $(NAME) stands for variables before it."),
  valueFrom: field(3, envVarSourceSchema, "Where the value comes from instead."),
});
export type EnvVar = Infer<typeof envVarSchema>;

export const configMapEnvSourceSchema = struct(
  "io.k8s.api.core.v1.ConfigMapEnvSource",
  "A ConfigMap whose keys become environment variables.",
  {
    ...inlined(1, localObjectReferenceSchema),
    optional: field(2, t.bool, "Whether it may be missing.", { keepEmpty: true }),
  },
);
export type ConfigMapEnvSource = Infer<typeof configMapEnvSourceSchema>;

export const secretEnvSourceSchema = struct(
  "io.k8s.api.core.v1.SecretEnvSource",
  "A Secret whose keys become environment variables.",
  {
    ...inlined(1, localObjectReferenceSchema),
    optional: field(2, t.bool, "Whether it may be missing.", { keepEmpty: true }),
  },
);
export type SecretEnvSource = Infer<typeof secretEnvSourceSchema>;

export const envFromSourceSchema = struct(
  "io.k8s.api.core.v1.EnvFromSource",
  "Where environment variables come from in bulk.",
  {
    prefix: field(1, t.string, "Put before every name."),
    configMapRef: field(2, configMapEnvSourceSchema, "A ConfigMap."),
    secretRef: field(3, secretEnvSourceSchema, "A Secret."),
  },
);
export type EnvFromSource = Infer<typeof envFromSourceSchema>;
