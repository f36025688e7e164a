import type { FieldValidation } from "../../api/codec/decode-object.ts";
import type { FieldError } from "../../api/field-error.ts";
import { notSupported } from "../../api/field-error.ts";
import { invalidObject } from "../../api/status-error.ts";
import type { ApiRequest } from "../../client/transport.ts";
import { queryBoolean } from "../../lib/query-value.ts";

/** What a write's query says about how to write. */
export interface RequestedWriteOptions {
  readonly dryRun: boolean;
  /** Empty when not given. */
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** Take fields over from other managers. Only for apply. */
  readonly force: boolean;
}

const FIELD_VALIDATIONS = ["Ignore", "Strict", "Warn"] as const;

/**
 * Reads and checks the query of a write.
 *
 * @param optionsKind - `CreateOptions`, `UpdateOptions`, `PatchOptions`: named in refusals.
 */
export function requestedWriteOptions(query: URLSearchParams, optionsKind: string): RequestedWriteOptions {
  const errors: FieldError[] = [];
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
    fieldManager: query.get("fieldManager") ?? "",
    fieldValidation: fieldValidation ?? "Warn",
    force: queryBoolean(query.get("force")),
  };
}

/** Under which name a write is kept account of: the one it gives, or the program's. */
export function writerOf({ headers }: Pick<ApiRequest, "headers">, { fieldManager }: RequestedWriteOptions): string {
  if (fieldManager !== "") return fieldManager;
  return (headers["user-agent"] ?? "").split("/")[0]?.trim() || "unknown";
}

/** `Warning` headers for what was accepted with a frown (RFC 9110's predecessor, 7234 section 5.5). */
export function warningHeaders(warnings: readonly string[]): Readonly<Record<string, string>> {
  if (warnings.length === 0) return {};
  return { warning: warnings.map((text) => `299 - ${quoted(text)}`).join(", ") };
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, "\\$&").replaceAll(/[\r\n]+/g, " ")}"`;
}
