import { addonsConfigureCommand } from "./commands/addons-configure.ts";
import { addonsListCommand } from "./commands/addons-list.ts";
import { addonsDisableCommand, addonsEnableCommand } from "./commands/addons-switch.ts";
import { completeCommand } from "./commands/complete.ts";
import { completionCommand } from "./commands/completion.ts";
import { dnsCommand } from "./commands/dns.ts";
import { dnsDisableCommand, dnsEnableCommand } from "./commands/dns-switch.ts";
import { downCommand } from "./commands/down.ts";
import { forwardCommand } from "./commands/forward.ts";
import { imageBuildCommand } from "./commands/image-build.ts";
import { imageLoadCommand } from "./commands/image-load.ts";
import { imageLsCommand } from "./commands/image-ls.ts";
import { ipCommand } from "./commands/ip.ts";
import { kubeconfigCommand } from "./commands/kubeconfig.ts";
import { logsCommand } from "./commands/logs.ts";
import { nodeCommand } from "./commands/node.ts";
import { nodeAddCommand } from "./commands/node-add.ts";
import { nodeLsCommand } from "./commands/node-ls.ts";
import { nodeRemoveCommand } from "./commands/node-remove.ts";
import { serverCommand } from "./commands/server.ts";
import { statusCommand } from "./commands/status.ts";
import { superviseCommand } from "./commands/supervise.ts";
import { testCommand } from "./commands/test.ts";
import { upCommand } from "./commands/up.ts";
import { versionCommand } from "./commands/version.ts";
import type { Command } from "./define-command.ts";

/** Every command, in the order in which the overview lists them. */
export const commands: readonly Command[] = [
  upCommand,
  downCommand,
  statusCommand,
  kubeconfigCommand,
  nodeLsCommand,
  nodeAddCommand,
  nodeRemoveCommand,
  addonsListCommand,
  addonsEnableCommand,
  addonsDisableCommand,
  addonsConfigureCommand,
  dnsEnableCommand,
  dnsDisableCommand,
  ipCommand,
  forwardCommand,
  imageLoadCommand,
  imageBuildCommand,
  imageLsCommand,
  logsCommand,
  completionCommand,
  versionCommand,
  testCommand,
  serverCommand,
  nodeCommand,
  dnsCommand,
  superviseCommand,
  completeCommand(() => commands),
];
