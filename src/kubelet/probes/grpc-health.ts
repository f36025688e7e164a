import { Client, credentials, status } from "@grpc/grpc-js";
import { HandlerError } from "../lifecycle/handler-error.ts";

const SERVING = 1;
const names = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** Asks `grpc.health.v1.Health/Check` for one service (empty: the whole server). Throws unless it is serving. */
export async function checkGrpcHealth(
  { host, port, service }: { readonly host: string; readonly port: number; readonly service: string },
  timeoutMs: number,
): Promise<void> {
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const client = new Client(target, credentials.createInsecure());
  try {
    const answer = await new Promise<number>((resolve, reject) => {
      const path = "/grpc.health.v1.Health/Check";
      const deadline = Date.now() + timeoutMs;
      client.makeUnaryRequest(path, encodeRequest, decodeStatus, service, { deadline }, (error, value) => {
        if (error === null) resolve(value ?? 0);
        else reject(new HandlerError(failureText(error.code, error.details, target), { cause: error }));
      });
    });
    if (answer !== SERVING) throw new HandlerError(`service unhealthy (responded with "${names[answer] ?? answer}")`);
  } finally {
    client.close();
  }
}

function failureText(code: status, details: string, target: string): string {
  if (code === status.UNIMPLEMENTED)
    return "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)";
  if (code === status.DEADLINE_EXCEEDED) return `timeout: health rpc did not complete within the given time`;
  if (code === status.UNAVAILABLE) return `timeout: failed to connect service "${target}": ${details}`;
  return `error: health rpc probe failed: ${details}`;
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
