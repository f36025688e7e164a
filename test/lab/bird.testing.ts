import { writeFile } from "node:fs/promises";
import path from "node:path";
import { installPackages, isThere } from "../../src/cluster/preflight/install-packages.ts";
import { type Lab, until } from "./lab.testing.ts";

const BIRD = { needs: "/usr/sbin/bird", package: "bird2", why: "announces addresses by BGP" };

/** Installs BIRD where it is missing. Nodes find it as they find every program of the machine; to be called outside the lab. */
export async function installBird(): Promise<void> {
  if (!isThere(BIRD.needs)) await installPackages([BIRD], (line) => process.stdout.write(`${line}\n`));
}

/** A BIRD on the host, between the nodes and the host's clients. */
export interface Router {
  /** What `birdc` answers. */
  ask(...words: readonly string[]): Promise<string>;
  /** Waits until the routes to a prefix are as wanted, and returns what `show route all` says of it. */
  untilRoutes(prefix: string, isWanted: (text: string) => boolean): Promise<string>;
}

/**
 * Starts it with this configuration; it ends with the lab. One BIRD has one session with an address: a router that is to have
 * two with a node is two of them, under different names and with `strict bind`.
 */
export async function startRouter(lab: Lab, name: string, config: string): Promise<Router> {
  const [file, control] = [path.join(lab.home, `${name}.conf`), path.join(lab.home, `${name}.ctl`)];
  await writeFile(file, config);
  const child = lab.start("/usr/sbin/bird", ["-f", "-c", file, "-s", control]);
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ask = async (...words: readonly string[]) => {
    const { stdout } = await lab.run("/usr/sbin/birdc", ["-r", "-s", control, ...words]);
    return stdout;
  };
  await until("the router to answer", async () => {
    if (child.exitCode !== null) throw new Error(`the router ended: ${said}`);
    return (await ask("show", "status")).includes("Daemon is up") ? true : undefined;
  });
  return {
    ask,
    async untilRoutes(prefix, isWanted) {
      let last = "";
      return await until(`routes to ${prefix}`, async () => {
        last = await ask("show", "route", prefix, "all");
        return isWanted(last) ? last : undefined;
      }).catch((error: Error) => {
        throw new Error(`${error.message}: ${last}`, { cause: error });
      });
    },
  };
}
