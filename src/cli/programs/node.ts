import { nodeCommand } from "../commands/node.ts";
import { runProcess } from "../run-process.ts";

void runProcess(async () => [nodeCommand]);
