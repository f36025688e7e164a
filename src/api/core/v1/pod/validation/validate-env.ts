import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, required } from "../../../../field-error.ts";
import { configKeyProblems, dnsSubdomainProblems, envVarNameProblems } from "../../../../names.ts";
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector } from "../env.ts";
import { validateFieldRef, validateResourceFieldRef } from "./validate-downward.ts";

/** The fields of a Pod that an environment variable may show. */
const FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** What is wrong with environment variables. */
export function validateEnv(env: readonly EnvVar[], path: string): FieldError[] {
  return env.flatMap((variable, index) => {
    const { name, value = "", valueFrom } = variable;
    const at = `${path}[${index}]`;
    return [
      ...(name === "" ? [required(`${at}.name`)] : invalidFor(`${at}.name`, name, envVarNameProblems(name))),
      ...(valueFrom === undefined ? [] : validateValueFrom(valueFrom, value, `${at}.valueFrom`)),
    ];
  });
}

function validateValueFrom(source: EnvVarSource, value: string, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  const count = Object.values(source).filter((s) => s !== undefined).length;
  return [
    ...(fieldRef === undefined ? [] : validateFieldRef(fieldRef, FIELDS, `${path}.fieldRef`)),
    ...(resourceFieldRef === undefined
      ? []
      : validateResourceFieldRef(resourceFieldRef, false, `${path}.resourceFieldRef`)),
    ...(configMapKeyRef === undefined ? [] : validateKeyRef(configMapKeyRef, `${path}.configMapKeyRef`)),
    ...(secretKeyRef === undefined ? [] : validateKeyRef(secretKeyRef, `${path}.secretKeyRef`)),
    ...(fileKeyRef === undefined ? [] : validateFileKeyRef(fileKeyRef, `${path}.fileKeyRef`)),
    ...validateCount(count, value, path),
  ];
}

function validateCount(count: number, value: string, path: string): FieldError[] {
  if (count === 0) {
    const sources = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    return [invalid(path, "", `must specify one of: ${sources}`)];
  }
  if (value !== "") return [invalid(path, "", "may not be specified when `value` is not empty")];
  return count > 1 ? [invalid(path, "", "may not have more than one field specified at a time")] : [];
}

function validateKeyRef(
  { name = "", key }: { readonly name?: string | undefined; readonly key: string },
  path: string,
) {
  return [
    ...invalidFor(`${path}.name`, name, dnsSubdomainProblems(name)),
    ...(key === "" ? [required(`${path}.key`)] : invalidFor(`${path}.key`, key, configKeyProblems(key))),
  ];
}

function validateFileKeyRef({ volumeName, path: file, key }: FileKeySelector, path: string): FieldError[] {
  return [
    ...(volumeName === "" ? [required(`${path}.volumeName`)] : []),
    ...(file === "" ? [required(`${path}.path`)] : []),
    ...(key === "" ? [required(`${path}.key`)] : invalidFor(`${path}.key`, key, envVarNameProblems(key))),
  ];
}

/** What is wrong with environment variables that come in bulk. Upstream names the whole list where no source is given. */
export function validateEnvFrom(sources: readonly EnvFromSource[], path: string): FieldError[] {
  return sources.flatMap(({ prefix = "", configMapRef, secretRef }, index) => {
    const at = `${path}[${index}]`;
    return [
      ...(prefix === "" ? [] : invalidFor(`${at}.prefix`, prefix, envVarNameProblems(prefix))),
      ...(configMapRef === undefined ? [] : validateName(configMapRef.name ?? "", `${at}.configMapRef.name`)),
      ...(secretRef === undefined ? [] : validateName(secretRef.name ?? "", `${at}.secretRef.name`)),
      ...(configMapRef === undefined && secretRef === undefined
        ? [invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")]
        : []),
      ...(configMapRef !== undefined && secretRef !== undefined
        ? [invalid(path, "", "may not have more than one field specified at a time")]
        : []),
    ];
  });
}

function validateName(name: string, path: string): FieldError[] {
  return name === "" ? [required(path)] : invalidFor(path, name, dnsSubdomainProblems(name));
}
