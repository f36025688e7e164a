import type { FieldError } from "../../../field-error.ts";
import { forbidden, notSupported, required } from "../../../field-error.ts";
import { ACCESS_MODES } from "./access-modes.ts";

/** Returns the errors of a list of access modes. @param detail - What upstream says about an empty list: nothing, for volumes. */
export function validateAccessModes(modes: readonly string[], path: string, detail = ""): FieldError[] {
  const isAlone = !modes.includes("ReadWriteOncePod") || modes.every((mode) => mode === "ReadWriteOncePod");
  const isMixed = !isAlone && modes.some((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode));
  return [
    ...(modes.length === 0 ? [required(path, detail)] : []),
    ...modes.flatMap((mode) => (ACCESS_MODES.includes(mode) ? [] : [notSupported(path, mode, ACCESS_MODES)])),
    ...(isMixed ? [forbidden(path, "may not use ReadWriteOncePod with other access modes")] : []),
  ];
}

const VOLUME_MODES = ["Block", "Filesystem"];

/** Returns the error of an unknown volume mode. */
export function validateVolumeMode(mode: string, path: string): FieldError[] {
  return VOLUME_MODES.includes(mode) ? [] : [notSupported(path, mode, VOLUME_MODES)];
}
