import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, required, tooLong } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { configKeyProblems } from "../../../names.ts";
import { SECRET_TYPE } from "../../../well-known.ts";
import { base64Length } from "../base64-length.ts";
import { DATA_MAX_BYTES, IMMUTABLE } from "../configmap/validate-configmap.ts";
import type { Secret } from "./secret-schema.ts";

const SERVICE_ACCOUNT_NAME = "kubernetes.io/service-account.name";

/** What is wrong with a Secret, whose type says which keys it must have. */
export function validateSecret(secret: Secret, previous?: Secret): FieldError[] {
  const data = Object.entries(secret.data ?? {});
  const sizeBytes = data.reduce((sum, [, base64]) => sum + base64Length(base64), 0);
  return [
    ...(previous === undefined ? [] : validateImmutable(secret.type, previous.type, "type")),
    ...(previous?.immutable === true ? validateUnchanged(secret, previous) : []),
    ...data.flatMap(([key]) => invalidFor(`data[${key}]`, key, configKeyProblems(key))),
    ...(sizeBytes > DATA_MAX_BYTES ? [tooLong("data", DATA_MAX_BYTES)] : []),
    ...validateType(secret),
  ];
}

function validateUnchanged(secret: Secret, previous: Secret): FieldError[] {
  return [
    ...(secret.immutable === true ? [] : [forbidden("immutable", IMMUTABLE)]),
    ...(deepEqual(secret.data, previous.data) ? [] : [forbidden("data", IMMUTABLE)]),
  ];
}

function validateType({ type, data = {}, metadata }: Secret): FieldError[] {
  const missing = (...keys: string[]) => keys.filter((key) => !(key in data)).map((key) => required(`data[${key}]`));
  switch (type) {
    case SECRET_TYPE.serviceAccountToken:
      return (metadata.annotations?.[SERVICE_ACCOUNT_NAME] ?? "") === ""
        ? [required(`metadata.annotations[${SERVICE_ACCOUNT_NAME}]`)]
        : [];
    case SECRET_TYPE.dockerCfg:
      return validateJsonKey(".dockercfg", data);
    case SECRET_TYPE.dockerConfigJson:
      return validateJsonKey(".dockerconfigjson", data);
    case SECRET_TYPE.basicAuth:
      // Either of the two is enough. The odd path is upstream's.
      return "username" in data || "password" in data
        ? []
        : [required("data[%s][username]"), required("data[%s][password]")];
    case SECRET_TYPE.sshAuth:
      return (data["ssh-privatekey"] ?? "") === "" ? [required("data[%s][ssh-privatekey]")] : [];
    case SECRET_TYPE.tls:
      return missing("tls.crt", "tls.key");
    default:
      return [];
  }
}

function validateJsonKey(key: string, data: Readonly<Record<string, string>>): FieldError[] {
  const base64 = data[key];
  if (base64 === undefined) return [required(`data[${key}]`)];
  try {
    JSON.parse(atob(base64));
    return [];
  } catch (error) {
    const detail = error instanceof Error ? error.message : "invalid JSON";
    return [invalid(`data[${key}]`, "<secret contents redacted>", detail)];
  }
}
