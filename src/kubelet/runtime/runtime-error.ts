/** What a runtime can answer besides success. `Unavailable` may succeed when tried again, `Unimplemented` never. */
export type RuntimeErrorCode = "NotFound" | "Unavailable" | "DeadlineExceeded" | "Unimplemented" | "Failed";

/** The runtime refused, or could not be reached. `message` is the runtime's own text. */
export class RuntimeError extends Error {
  override readonly name: string = "RuntimeError";
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The command of {@link PodRuntime.execSync} did not end in time; it has been killed. */
export class ExecTimeoutError extends Error {
  override readonly name = "ExecTimeoutError";
}

/** An image could not be pulled. `message` is the registry's or the runtime's reason. */
export class ImagePullError extends Error {
  override readonly name = "ImagePullError";
}

/** Whether the sandbox, container or image that was asked for is not there (any more). */
export function isRuntimeNotFound(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === "NotFound";
}
