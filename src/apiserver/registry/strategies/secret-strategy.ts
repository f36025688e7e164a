import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { SECRET_TYPE } from "@fairlead/api/well-known";
import type { Strategy } from "../strategy.ts";
import { keyPairProblem } from "./tls-key-pair.ts";

/** The client is warned about a TLS Secret whose key does not belong to its certificate. */
export const secretStrategy: Strategy<Secret> = {
  warnings({ type, data = {} }) {
    if (type !== SECRET_TYPE.tls) return [];
    const decoded = (key: string) => Buffer.from(data[key] ?? "", "base64").toString("latin1");
    const problem = keyPairProblem(decoded("tls.crt"), decoded("tls.key"));
    return problem === undefined ? [] : [problem];
  },
};
