import { ExpectedError } from "@fairlead/lib/expected-error";
import type { DeclaredPort } from "./backends.ts";
import { findPort } from "./backends.ts";
import { describeTarget, type Target, type WantedPort } from "./target.ts";

/** A port of this machine and where it leads. */
export interface LocalPort {
  /** 0 is any free one. */
  readonly local: number;
  /** Of the target, by number or name. */
  readonly port: number | string;
}

/**
 * Which ports of this machine lead to which of the target's. Without any that are wanted: each that it declares, by its
 * own number.
 *
 * @throws {ExpectedError} when the target does not have a port, and has to: pods may serve ports that they do not declare.
 */
export function localPorts(
  target: Target,
  wanted: readonly WantedPort[],
  declared: readonly DeclaredPort[],
): readonly LocalPort[] {
  if (wanted.length === 0 && declared.length === 0) {
    throw new ExpectedError(`Cannot forward to ${describeTarget(target)}: it names no TCP port; name one`);
  }
  if (wanted.length === 0) return declared.map(({ number }) => ({ local: number, port: number }));
  return wanted.map(({ local, remote }) => {
    const found = findPort(declared, remote);
    const mustBeDeclared = target.kind === "Service" || typeof remote === "string";
    if (found === undefined && mustBeDeclared) throw new ExpectedError(noSuchPort(target, remote, declared));
    return { local: local ?? found?.number ?? Number(remote), port: remote };
  });
}

/** A port of this machine to try where one cannot be used: as near to it as helps to remember it. */
export function otherPort(port: number): number {
  if (port < 1000) return 8000 + port;
  return port <= 64_535 ? port + 1000 : port - 1000;
}

function noSuchPort(target: Target, remote: number | string, declared: readonly DeclaredPort[]): string {
  const there = declared.map(({ name, number }) => (name === "" ? `${number}` : `${number} (${name})`));
  const has = there.length === 0 ? "no TCP port" : there.join(", ");
  return `Cannot forward to ${describeTarget(target)}: it has no TCP port ${remote}; it has ${has}`;
}
