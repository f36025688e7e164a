/** How a command ended: what the error stream says at the end (protocol v4 and later). */
export type ExitStatus =
  | { readonly type: "exited"; readonly exitCode: number }
  /** It could not be run, or the connection to it broke. */
  | { readonly type: "failed"; readonly message: string };

/** The `Status` to write to the error stream, as JSON. */
export function encodeExitStatus(status: ExitStatus): string {
  return JSON.stringify({ metadata: {}, ...statusOf(status) });
}

function statusOf(status: ExitStatus): object {
  if (status.type === "failed") {
    return {
      status: "Failure",
      message: `Internal error occurred: ${status.message}`,
      reason: "InternalError",
      details: { causes: [{ message: status.message }] },
      code: 500,
    };
  }
  if (status.exitCode === 0) return { status: "Success" };
  return {
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${status.exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(status.exitCode) }] },
  };
}

/** What protocols before v4 say instead of a `Status`: the failure's text, nothing on success. */
export function plainFailure(statusJson: string): string {
  try {
    const status: unknown = JSON.parse(statusJson);
    if (typeof status !== "object" || status === null || ("status" in status && status.status === "Success")) return "";
    return "message" in status ? String(status.message) : statusJson;
  } catch {
    return statusJson;
  }
}
