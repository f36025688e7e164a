import { CommandError, runCommand } from "@fairlead/lib/run-command";
import { errorsIn, NftError } from "./nft-error.ts";

/** Where a single transaction runs. */
export interface RunOnceOptions {
  /** File of the network namespace whose packet filter is changed. Default: the namespace of this process. */
  readonly netns?: string;
}

/**
 * Runs the commands as one transaction, in a process of its own: for changes that happen once, and for long ones.
 *
 * @throws {NftError} with what nft says, when the kernel refuses one of them or nft cannot be started.
 */
export async function runOnce(commands: readonly string[], { netns }: RunOnceOptions = {}): Promise<void> {
  const words = [...(netns === undefined ? [] : ["nsenter", `--net=${netns}`]), "nft", "-f", "-"];
  const [program = "", ...args] = words;
  await runCommand(program, args, { input: `${commands.join("\n")}\n` }).catch((cause: unknown) => {
    const said = cause instanceof CommandError ? errorsIn(cause.stderr) : String(cause);
    throw new NftError(`nft refused ${commands.length} commands: ${said}`, { cause });
  });
}
