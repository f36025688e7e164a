import type { FieldError } from "../../../../field-error.ts";
import { invalid } from "../../../../field-error.ts";

/** A path that may not lead upwards. */
export function validateNoBacksteps(text: string, path: string): FieldError[] {
  return text.split("/").includes("..") ? [invalid(path, text, "must not contain '..'")] : [];
}

/** A path that stays below where it starts. */
export function validateRelativePath(text: string, path: string): FieldError[] {
  return [
    ...(text.startsWith("/") ? [invalid(path, text, "must be a relative path")] : []),
    ...validateNoBacksteps(text, path),
  ];
}

/** A path below a volume's root. Names that start with two dots are the kubelet's own. */
export function validateFilePath(text: string, path: string): FieldError[] {
  const errors = validateRelativePath(text, path);
  const isReserved = text.startsWith("..") && !text.startsWith("../");
  return [...errors, ...(isReserved ? [invalid(path, text, "must not start with '..'")] : [])];
}

/** Whether a text would be more than one line of a file, or end a C string early. */
export function hasLineBreak(text: string): boolean {
  return ["\n", "\r", "\0"].some((character) => text.includes(character));
}
