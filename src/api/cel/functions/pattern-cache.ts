import { RE2JS } from "re2js";
import { EvaluationProblem } from "../evaluation-problem.ts";

/** Patterns that were used lately. Nearly all are literals of a few expressions. */
const compiled = new Map<string, RE2JS>();
const COMPILED_MAX = 256;

/**
 * Returns a compiled pattern in the syntax of RE2.
 *
 * @param prefix - Of the message about one that is none.
 * @throws {EvaluationProblem} for a text that is no pattern.
 */
export function patternOf(pattern: string, prefix: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern, prefix);
  const [oldest] = compiled.keys();
  if (compiled.size >= COMPILED_MAX && oldest !== undefined) compiled.delete(oldest);
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string, prefix: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new EvaluationProblem(prefix + (error instanceof Error ? error.message : String(error)));
  }
}
