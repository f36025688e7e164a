import { completionScript, SHELLS } from "../completion/scripts.ts";
import { defineCommand, UsageError } from "../define-command.ts";

/** `fairlead completion`: what a shell reads to complete fairlead's words. */
export const completionCommand = defineCommand({
  name: "completion",
  summary: "Print what a shell needs to complete fairlead's words",
  description: [
    [
      "bash, now and in every shell to come (for all users: /etc/bash_completion.d/fairlead):",
      "  source <(fairlead completion bash)",
      "  echo 'source <(fairlead completion bash)' >> ~/.bashrc",
    ].join("\n"),
    [
      "zsh, behind the line with compinit in ~/.zshrc (or as the file _fairlead in a folder of $fpath):",
      "  source <(fairlead completion zsh)",
    ].join("\n"),
    [
      "fish, now and in every shell to come:",
      "  fairlead completion fish | source",
      "  fairlead completion fish > ~/.config/fish/completions/fairlead.fish",
    ].join("\n"),
  ],
  positionals: ["SHELL"],
  positionalSources: [SHELLS],
  flags: {},
  examples: ["fairlead completion bash", "fairlead completion zsh", "fairlead completion fish"],

  async run({ positionals: [given] }, context) {
    const shell = SHELLS.find((name) => name === given);
    if (shell === undefined)
      throw new UsageError(`"${given}" is no shell that is known here: use ${SHELLS.join(", ")}`);
    context.write(completionScript(shell));
    return 0;
  },
});
