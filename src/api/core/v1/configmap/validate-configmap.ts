import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, tooLong } from "../../../field-error.ts";
import { byteLength, configKeyProblems } from "../../../names.ts";
import { base64Length } from "../base64-length.ts";
import type { ConfigMap } from "./configmap-schema.ts";

/** The most that the values of one ConfigMap or Secret may hold together. */
export const DATA_MAX_BYTES = 1024 * 1024;

/** Why a field of an immutable object may not change. */
export const IMMUTABLE = "field is immutable when `immutable` is set";

/** What is wrong with a ConfigMap. */
export function validateConfigMap(configMap: ConfigMap, previous?: ConfigMap): FieldError[] {
  const data = Object.entries(configMap.data ?? {});
  const binaryData = Object.entries(configMap.binaryData ?? {});
  const sizeBytes =
    data.reduce((sum, [, text]) => sum + byteLength(text), 0) +
    binaryData.reduce((sum, [, base64]) => sum + base64Length(base64), 0);
  return [
    ...(previous?.immutable === true ? validateUnchanged(configMap, previous) : []),
    ...data.flatMap(([key]) => [
      ...invalidFor(`data[${key}]`, key, configKeyProblems(key)),
      ...(Object.hasOwn(configMap.binaryData ?? {}, key)
        ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")]
        : []),
    ]),
    ...binaryData.flatMap(([key]) => invalidFor(`binaryData[${key}]`, key, configKeyProblems(key))),
    ...(sizeBytes > DATA_MAX_BYTES ? [tooLong("", DATA_MAX_BYTES)] : []),
  ];
}

function validateUnchanged(configMap: ConfigMap, previous: ConfigMap): FieldError[] {
  return [
    ...(configMap.immutable === true ? [] : [forbidden("immutable", IMMUTABLE)]),
    ...(["data", "binaryData"] as const).flatMap((name) =>
      deepEqual(configMap[name], previous[name]) ? [] : [forbidden(name, IMMUTABLE)],
    ),
  ];
}
