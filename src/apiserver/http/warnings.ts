import type { ApiResponse } from "@fairlead/client/transport/transport";

/** Adds warnings to the answer to a request, also where that is a refusal. */
export type Warn = (texts: readonly string[]) => void;

/** Returns an answer with warnings. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  return warnings.length === 0
    ? response
    : { ...response, headers: { ...response.headers, ...warningHeaders(warnings) } };
}

/** Most characters of all warnings of an answer together, before each is cut; upstream's limit. */
const WARNINGS_LENGTH_MAX = 4_096;
/** Most characters of one warning where all are cut; upstream's limit. */
const CUT_WARNING_LENGTH = 256;

/**
 * `Warning` headers (RFC 7234 section 5.5). Clients choose field names, and so what is in warnings: too long ones are cut,
 * and those that a header cannot have are left out.
 */
export function warningHeaders(warnings: readonly string[]): Readonly<Record<string, string>> {
  const shown = cut(
    [...new Set(warnings)].map((text) => text.replaceAll(/[\r\n]+/g, " ")).filter((text) => !hasControls(text)),
  );
  return shown.length === 0 ? {} : { warning: shown.map((text) => `299 - ${quoted(text)}`).join(", ") };
}

function cut(warnings: readonly string[]): readonly string[] {
  const total = warnings.reduce((sum, text) => sum + text.length, 0);
  if (total <= WARNINGS_LENGTH_MAX) return warnings;
  let length = 0;
  return warnings
    .map((text) => text.slice(0, CUT_WARNING_LENGTH))
    .filter((text) => {
      const isShown = length < WARNINGS_LENGTH_MAX;
      length += text.length;
      return isShown;
    });
}

function hasControls(text: string): boolean {
  return [...text].some((char) => char < " " || char === "\x7f");
}

/** In UTF-8, as Go writes it: Node writes each character of a header as one byte. */
function quoted(text: string): string {
  return `"${Buffer.from(text.replaceAll(/[\\"]/g, "\\$&")).toString("latin1")}"`;
}
