import { yamlProblem } from "@fairlead/lib/yaml-problem";
import { parse, YAMLError } from "yaml";
import { KubeconfigError } from "./kubeconfig.ts";

/**
 * Parses the text of a kubeconfig.
 *
 * @throws {KubeconfigError} when it is not YAML.
 */
export function parseYaml(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false });
  } catch (error) {
    if (error instanceof YAMLError) throw notYaml(text, error);
    throw new KubeconfigError("The kubeconfig is not YAML", { cause: error });
  }
}

/** @param text - Parsed with the option `prettyErrors: false`. */
export function notYaml(text: string, error: YAMLError): KubeconfigError {
  return new KubeconfigError(`The kubeconfig is not YAML: ${yamlProblem(text, error)}`, { cause: error });
}
