/**
 * Replaces `$(NAME)` by the variable's value. `$$` gives one `$`, so that `$$(NAME)` stays `$(NAME)`; what has no
 * value, and everything else, is kept.
 */
export function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (found, name: string | undefined) => {
    if (name === undefined) return "$";
    return lookUp(name) ?? found;
  });
}
