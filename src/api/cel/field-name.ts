/** Words of the language that may be the names of fields. */
const WORDS: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** Returns whether a name is a word of the language. */
export function isReservedWord(name: string): boolean {
  return WORDS.has(name);
}

/** Returns the name under which a field is declared: `__namespace__` for `namespace`, which is written both ways. */
export function declaredName(fields: { has(name: string): boolean }, name: string): string {
  return !fields.has(name) && WORDS.has(name) ? `__${name}__` : name;
}
