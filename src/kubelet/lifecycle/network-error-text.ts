import { hostPort } from "@fairlead/lib/ip-family";

const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
};

/**
 * Returns why `host:port` did not answer, as upstream's probes put it, so that what people search for finds it:
 * `dial tcp 10.244.1.2:80: connect: connection refused`. Anything else keeps its own words.
 */
export function networkErrorText(error: unknown, host: string, port: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") {
    return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  }
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET") return `read tcp ${address(host, port)}: read: connection reset by peer`;
  const text = texts[code];
  return text === undefined ? error.message : `dial tcp ${address(host, port)}: ${text}`;
}

function address(host: string, port: number): string {
  return hostPort(host, port);
}
