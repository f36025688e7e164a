import type { FieldValidation } from "@fairlead/api/codec/decode-object";
import type { FieldError } from "@fairlead/api/field-error";
import { invalid, notSupported, tooLong } from "@fairlead/api/field-error";
import { invalidObject } from "@fairlead/api/status-error";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { queryBoolean } from "@fairlead/lib/query-value";

/** What a write's query says about how to write. */
export interface RequestedWriteOptions {
  readonly dryRun: boolean;
  /** Empty when not given. */
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** Take fields over from other managers. Only for apply. */
  readonly force: boolean;
  /** The options that a creation or an update has, as they were given. */
  readonly given: GivenWriteOptions;
}

/** What CreateOptions and UpdateOptions have in common; only what the client gave. */
export interface GivenWriteOptions {
  readonly dryRun?: readonly string[];
  readonly fieldManager?: string;
  readonly fieldValidation?: string;
}

const FIELD_VALIDATIONS = ["Ignore", "Strict", "Warn"] as const;

/**
 * Reads and checks the query of a write.
 *
 * @param optionsKind - `CreateOptions`, `UpdateOptions`, `PatchOptions`: named in refusals.
 */
export function requestedWriteOptions(query: URLSearchParams, optionsKind: string): RequestedWriteOptions {
  const fieldManager = query.get("fieldManager") ?? "";
  const errors: FieldError[] = [...fieldManagerErrors(fieldManager)];
  const dryRuns = query.getAll("dryRun").filter((value) => value !== "");
  for (const value of dryRuns) {
    if (value !== "All") errors.push(notSupported("dryRun", value, ["All"]));
  }
  const validation = query.get("fieldValidation") ?? "";
  const fieldValidation = validation === "" ? "Warn" : FIELD_VALIDATIONS.find((known) => known === validation);
  if (fieldValidation === undefined) {
    errors.push(notSupported("fieldValidation", validation, ["", ...FIELD_VALIDATIONS]));
  }
  if (errors.length > 0) throw invalidObject("meta.k8s.io", optionsKind, "", errors);
  return {
    dryRun: dryRuns.length > 0,
    fieldManager,
    fieldValidation: fieldValidation ?? "Warn",
    force: queryBoolean(query.get("force")),
    given: {
      ...(dryRuns.length > 0 && { dryRun: dryRuns }),
      ...(fieldManager !== "" && { fieldManager }),
      ...(validation !== "" && { fieldValidation: validation }),
    },
  };
}

/** Most bytes of a field manager's name, as upstream. */
const FIELD_MANAGER_MAX_BYTES = 128;

/**
 * Returns the manager that `metadata.managedFields` records for a write: `fieldManager`, or the printable characters of
 * the User-Agent up to the first slash.
 */
export function writerOf(
  { headers }: Pick<ApiRequest, "headers">,
  { fieldManager }: Pick<RequestedWriteOptions, "fieldManager">,
): string {
  if (fieldManager !== "") return fieldManager;
  return programName(headers["user-agent"] ?? "") || "unknown";
}

/** What Go's `unicode.IsPrint` is true for. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
/** Names of most programs: nothing of them has to be looked at character by character. */
const PRINTABLE_ASCII = /^[ -~]*$/;

function fieldManagerErrors(name: string): readonly FieldError[] {
  if (Buffer.byteLength(name) > FIELD_MANAGER_MAX_BYTES) return [tooLong("fieldManager", FIELD_MANAGER_MAX_BYTES)];
  if (PRINTABLE_ASCII.test(name)) return [];
  const errors: FieldError[] = [];
  let position = 0;
  for (const character of name) {
    if (!PRINTABLE.test(character)) {
      const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      errors.push(invalid("fieldManager", name, `invalid character U+${point} (at position ${position})`));
    }
    position += Buffer.byteLength(character);
  }
  return errors;
}

/** The program that a `User-Agent` names, as much of it as a field manager's name may hold. */
function programName(userAgent: string): string {
  const [given = ""] = userAgent.split("/", 1);
  if (PRINTABLE_ASCII.test(given)) return given.slice(0, FIELD_MANAGER_MAX_BYTES);
  let name = "";
  for (const character of given) {
    if (!PRINTABLE.test(character)) continue;
    if (Buffer.byteLength(name) + Buffer.byteLength(character) > FIELD_MANAGER_MAX_BYTES) break;
    name += character;
  }
  return name;
}
