import { RE2JS } from "re2js";

/** Looks for matches of patterns in the syntax of RE2, in time that grows with the length of the text. Keeps compiled patterns. */
export function createPatternMatcher(): (pattern: string, text: string) => boolean {
  const compiled = new Map<string, RE2JS | undefined>();
  return (pattern, text) => {
    if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
    // A pattern that was accepted in another release matches nothing here.
    return compiled.get(pattern)?.test(text) === true;
  };
}

/** Returns why a pattern is no regular expression of RE2, in the words of Go's library; `undefined` for one that is. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

function compile(pattern: string): RE2JS | undefined {
  return patternProblem(pattern) === undefined ? RE2JS.compile(pattern) : undefined;
}
