import { serverCommand } from "../commands/server.ts";
import { runProcess } from "../run-process.ts";

void runProcess(async () => [serverCommand]);
