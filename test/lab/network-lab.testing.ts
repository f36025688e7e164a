import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { AgentAnswer, AgentRequest } from "./network-agent.testing.ts";

/** Runs `ip` with the words of `command`. */
export function ip(command: string): void {
  execFileSync("ip", command.split(" "));
}

/** A network namespace with a program in it that serves and connects. */
export interface Host extends AsyncDisposable {
  serve(protocol: "tcp" | "udp", port: number, host?: string): Promise<void>;
  /** What the server there said, or the error's code, or `timeout`. */
  ask(protocol: "tcp" | "udp", address: string, port: number, options?: AskOptions): Promise<string>;
}

export interface AskOptions {
  readonly localPort?: number;
  /** Default 2000. */
  readonly timeoutMs?: number;
}

/** Starts the program in a namespace made before with `ip netns add`; without a namespace, in this process's own. */
export function startHost(name: string, netns?: string): Host {
  const agent = path.join(import.meta.dirname, "network-agent.testing.ts");
  const enter = netns === undefined ? [] : ["nsenter", `--net=/run/netns/${netns}`];
  const [program = "", ...args] = [...enter, process.execPath, agent, name];
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, (text: string) => void>();
  child.on("message", ({ id, text }: AgentAnswer) => waiting.get(id)?.(text));
  let ids = 0;

  const request = (message: DistributiveOmit<AgentRequest, "id">): Promise<string> =>
    new Promise((resolve) => {
      const id = ++ids;
      waiting.set(id, resolve);
      child.send({ ...message, id });
    });

  return {
    async serve(protocol, port, host = "::") {
      const answer = await request({ do: "serve", protocol, port, host });
      if (answer !== "serving") throw new Error(`${name} cannot serve ${protocol} ${port}: ${answer}`);
    },
    ask: (protocol, host, port, { timeoutMs = 20_000, ...options } = {}) =>
      request({ do: "ask", protocol, host, port, timeoutMs, ...options }),
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}

/** The parts of a union each without the key. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
