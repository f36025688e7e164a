import { commandsFor } from "./commands-for.ts";
import { runProcess } from "./run-process.ts";

void runProcess(commandsFor);
