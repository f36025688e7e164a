/** The status codes of gRPC, at their numbers, as Go spells them (grpc-go, codes/codes.go). */
const CODES = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
] as const;

/** A status code that is not `OK`. */
export type GrpcCode = Exclude<(typeof CODES)[number], "OK">;

/** A call failed. `message` is the server's own text, or what became of the connection. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly code: GrpcCode;

  constructor(code: GrpcCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Headers or trailers of a response. */
export type GrpcMetadata = Readonly<Record<string, string | readonly string[] | number | undefined>>;

/**
 * Returns the status in the trailers of a response, or in its headers when there is nothing else; `undefined` when it has
 * none. An HTTP status other than 200 counts where `grpc-status` is missing.
 *
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, doc/http-grpc-status-mapping.md
 */
export function statusOf(metadata: GrpcMetadata, httpStatus: number): "OK" | GrpcError | undefined {
  const status = metadata["grpc-status"];
  if (status === undefined) {
    if (httpStatus === 200) return undefined;
    return new GrpcError(CODE_OF_HTTP[httpStatus] ?? "Unknown", `unexpected HTTP status code ${httpStatus}`);
  }
  const code = /^\d+$/.test(String(status)) ? (CODES[Number(status)] ?? "Unknown") : "Unknown";
  return code === "OK" ? "OK" : new GrpcError(code, percentDecoded(String(metadata["grpc-message"] ?? "")));
}

const CODE_OF_HTTP: Readonly<Record<number, GrpcCode>> = {
  400: "Internal",
  401: "Unauthenticated",
  403: "PermissionDenied",
  404: "Unimplemented",
  429: "Unavailable",
  502: "Unavailable",
  503: "Unavailable",
  504: "Unavailable",
};

/** Decodes `%E2%82%AC`. Text that is no escape is kept. */
function percentDecoded(text: string): string {
  const bytes = text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, "latin1").toString();
}

/** Returns the code of a stream that the server reset with an HTTP/2 error code (RFC 9113, section 7). */
export function codeOfReset(http2Code: number): GrpcCode {
  return RESET_CODES[http2Code] ?? "Internal";
}

const RESET_CODES: Readonly<Record<number, GrpcCode>> = {
  7: "Unavailable", // REFUSED_STREAM
  8: "Canceled", // CANCEL
  11: "ResourceExhausted", // ENHANCE_YOUR_CALM
  12: "PermissionDenied", // INADEQUATE_SECURITY
};
