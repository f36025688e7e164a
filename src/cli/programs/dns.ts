import { dnsCommand } from "../commands/dns.ts";
import { runProcess } from "../run-process.ts";

void runProcess(async () => [dnsCommand]);
