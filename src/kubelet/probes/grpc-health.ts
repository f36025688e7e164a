import { hostPort } from "@fairlead/lib/ip-family";
import { createGrpcClient } from "../grpc/grpc-client.ts";
import { GrpcError } from "../grpc/grpc-error.ts";
import { HandlerError } from "../lifecycle/handler-error.ts";

const CHECK = "/grpc.health.v1.Health/Check";
const SERVING = 1;
const names = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** Asks `grpc.health.v1.Health/Check` for one service (empty: the whole server). Throws unless it is serving. */
export async function checkGrpcHealth(
  { host, port, service }: { readonly host: string; readonly port: number; readonly service: string },
  timeoutMs: number,
): Promise<void> {
  const target = hostPort(host, port);
  const client = createGrpcClient({ host, port }, { userAgent: "kube-probe/1.35" });
  try {
    const answer = decodeStatus(await client.unary({ path: CHECK, message: encodeRequest(service), timeoutMs }));
    if (answer !== SERVING) throw new HandlerError(`service unhealthy (responded with "${names[answer] ?? answer}")`);
  } catch (error) {
    if (error instanceof GrpcError) throw new HandlerError(failureText(error, target), { cause: error });
    throw error;
  } finally {
    client.close();
  }
}

function failureText({ code, message }: GrpcError, target: string): string {
  if (code === "Unimplemented")
    return "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)";
  if (code === "DeadlineExceeded") return `timeout: health rpc did not complete within the given time`;
  if (code === "Unavailable") return `timeout: failed to connect service "${target}": ${message}`;
  return `error: health rpc probe failed: ${message}`;
}

/** `HealthCheckRequest`: field 1 is the service's name. */
function encodeRequest(service: string): Buffer {
  const text = Buffer.from(service);
  return text.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...varint(text.length)]), text]);
}

/** A number as protobuf writes it: seven bits in each byte, the lowest first; the eighth says that there are more. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** `HealthCheckResponse`: field 1 is the status, a small number. */
function decodeStatus(message: Buffer): number {
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
