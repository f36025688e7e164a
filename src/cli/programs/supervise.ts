import { superviseCommand } from "../commands/supervise.ts";
import { runProcess } from "../run-process.ts";

void runProcess(async () => [superviseCommand]);
