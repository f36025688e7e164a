import type { AnyContainer } from "../sync/pod-state.ts";
import { HandlerError } from "./handler-error.ts";

/** The number of a port that is given by number or by the name it has in the container. */
export function portNumber(port: number | string, { ports = [] }: Pick<AnyContainer, "ports">): number {
  const number = typeof port === "number" ? port : (ports.find((p) => p.name === port)?.containerPort ?? Number(port));
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new HandlerError(`invalid port number: ${port}`);
  return number;
}
