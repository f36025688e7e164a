import { parentPort, workerData } from "node:worker_threads";
import { freezeBuiltins } from "../../lib/freeze-builtins.ts";
import { kubeconfigContext } from "./kubeconfig.ts";

// A thread has built-ins of its own: those of the test stay as they are.
freezeBuiltins();
parentPort?.postMessage(await kubeconfigContext(workerData));
