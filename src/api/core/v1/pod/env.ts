import type { Infer } from "../../../schema.ts";
import { field, inlined, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";

export const configMapKeySelectorSchema = struct(
  "io.k8s.api.core.v1.ConfigMapKeySelector",
  "",
  {
    ...inlined(1, localObjectReferenceSchema),
    key: field(2, t.string, "", { required: true }),
    optional: field(3, t.bool, "", { keepEmpty: true }),
  },
  { atomic: true },
);
export type ConfigMapKeySelector = Infer<typeof configMapKeySelectorSchema>;

export const fileKeySelectorSchema = struct(
  "io.k8s.api.core.v1.FileKeySelector",
  "",
  {
    volumeName: field(1, t.string, "", { required: true }),
    path: field(2, t.string, "", { required: true }),
    key: field(3, t.string, "", { required: true }),
    optional: field(4, t.bool, "", { keepEmpty: true }),
  },
  { atomic: true },
);
export type FileKeySelector = Infer<typeof fileKeySelectorSchema>;

export const objectFieldSelectorSchema = struct(
  "io.k8s.api.core.v1.ObjectFieldSelector",
  "",
  {
    apiVersion: field(1, t.string, "", { default: "v1" }),
    fieldPath: field(2, t.string, "", { required: true }),
  },
  { atomic: true },
);
export type ObjectFieldSelector = Infer<typeof objectFieldSelectorSchema>;

export const resourceFieldSelectorSchema = struct(
  "io.k8s.api.core.v1.ResourceFieldSelector",
  "",
  {
    containerName: field(1, t.string, ""),
    resource: field(2, t.string, "", { required: true }),
    divisor: field(3, t.quantity, "", { default: "0" }),
  },
  { atomic: true },
);
export type ResourceFieldSelector = Infer<typeof resourceFieldSelectorSchema>;

export const secretKeySelectorSchema = struct(
  "io.k8s.api.core.v1.SecretKeySelector",
  "",
  {
    ...inlined(1, localObjectReferenceSchema),
    key: field(2, t.string, "", { required: true }),
    optional: field(3, t.bool, "", { keepEmpty: true }),
  },
  { atomic: true },
);
export type SecretKeySelector = Infer<typeof secretKeySelectorSchema>;

export const envVarSourceSchema = struct("io.k8s.api.core.v1.EnvVarSource", "", {
  fieldRef: field(1, objectFieldSelectorSchema, ""),
  resourceFieldRef: field(2, resourceFieldSelectorSchema, ""),
  configMapKeyRef: field(3, configMapKeySelectorSchema, ""),
  secretKeyRef: field(4, secretKeySelectorSchema, ""),
  fileKeyRef: field(5, fileKeySelectorSchema, ""),
});
export type EnvVarSource = Infer<typeof envVarSourceSchema>;

export const envVarSchema = struct("io.k8s.api.core.v1.EnvVar", "", {
  name: field(1, t.string, "", { required: true }),
  value: field(2, t.string, ""),
  valueFrom: field(3, envVarSourceSchema, ""),
});
export type EnvVar = Infer<typeof envVarSchema>;

export const configMapEnvSourceSchema = struct("io.k8s.api.core.v1.ConfigMapEnvSource", "", {
  ...inlined(1, localObjectReferenceSchema),
  optional: field(2, t.bool, "", { keepEmpty: true }),
});
export type ConfigMapEnvSource = Infer<typeof configMapEnvSourceSchema>;

export const secretEnvSourceSchema = struct("io.k8s.api.core.v1.SecretEnvSource", "", {
  ...inlined(1, localObjectReferenceSchema),
  optional: field(2, t.bool, "", { keepEmpty: true }),
});
export type SecretEnvSource = Infer<typeof secretEnvSourceSchema>;

export const envFromSourceSchema = struct("io.k8s.api.core.v1.EnvFromSource", "", {
  prefix: field(1, t.string, ""),
  configMapRef: field(2, configMapEnvSourceSchema, ""),
  secretRef: field(3, secretEnvSourceSchema, ""),
});
export type EnvFromSource = Infer<typeof envFromSourceSchema>;
