import { parentPort, workerData } from "node:worker_threads";
import { freezeBuiltins } from "@fairlead/lib/freeze-builtins";
import { kubeconfigContext } from "./kubeconfig.ts";

// A thread has built-ins of its own: those of the test stay unchanged.
freezeBuiltins();
parentPort?.postMessage(await kubeconfigContext(workerData));
