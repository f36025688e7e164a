import { once } from "node:events";
import type { Lab } from "./lab.testing.ts";

/** A client that asks again and again, one request after another. */
export interface ClientLoop {
  /** A line for each request that has ended: what was answered, or `failed: ` and curl's reason. */
  answers(): readonly string[];
  /** Ends the loop and answers every line. */
  stop(): Promise<readonly string[]>;
}

/** Asks `url` from the host, on a new connection each time. */
export function startLoop(lab: Lab, url: string): ClientLoop {
  const script = `while :; do curl -sS -m 3 ${url} 2>&1 | sed 's/^curl:/failed:/'; sleep 0.01; done`;
  const child = lab.start("sh", ["-c", script]);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  // The last line may be half of one.
  const answers = () => said.split("\n").slice(0, -1);
  return {
    answers,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      return answers();
    },
  };
}
