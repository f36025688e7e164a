/** A phrase that readers from elsewhere do not know, or that hides the actor. */
export interface BannedPhrase {
  /** Matched as whole words, in lower or upper case. */
  readonly phrase: string;
  /** What to write there. */
  readonly instead: string;
}

/** Phrases that no comment, message, test name or document of the project uses. */
export const BANNED_PHRASES: readonly BannedPhrase[] = [
  { phrase: "in vain", instead: "what happened: timed out waiting for, without success" },
  { phrase: "anew", instead: "again, or the verb: recreate, restart, relist" },
  { phrase: "amid", instead: "during" },
  { phrase: "for good", instead: "what follows: is not retried, is not restarted" },
  { phrase: "so often", instead: "the number or the interval" },
  { phrase: "on account of", instead: "because of" },
  { phrase: "called off", instead: "aborted, or cancelled" },
  { phrase: "that there is", instead: "the fact itself: it has none, an unknown kind, the only cluster" },
  { phrase: "whoever", instead: "the actor: the client, the caller, the user" },
  ...["tell of", "tells of", "told of", "told to"].map((phrase) => ({ phrase, instead: "report, record, log, list" })),
  ...["is told", "are told", "was told", "were told", "be told"].map((phrase) => ({
    phrase,
    instead: "the actor and the verb: the watch reports, the client gets, the follower is notified",
  })),
  { phrase: "told apart", instead: "distinguished, or identified by" },
  ...["heard of", "hear of", "hears of"].map((phrase) => ({
    phrase,
    instead: "receive, see: the cache does not have it yet",
  })),
  { phrase: "what becomes of", instead: "the state, the fate, the effect: how it is deleted, whether it stays" },
  { phrase: "what came of", instead: "the outcome of, or whether it failed" },
];

const PATTERN = new RegExp(
  `\\b(?:${BANNED_PHRASES.map(({ phrase }) => phrase.replaceAll(" ", "\\s")).join("|")})\\b`,
  "gi",
);
/** A line break with what begins the next line of a comment, a quotation or a list. */
const CONTINUATION = /\n[ \t]*(?:\*(?!\/)|\/\/|>)?[ \t]*/g;

/** Returns the banned phrases in a text, `LINE: phrase; write INSTEAD`, also those that a line break of a comment divides. */
export function bannedPhrases(text: string): string[] {
  // Of the same length, so that offsets stay those of the text.
  const flat = text.replaceAll(CONTINUATION, (found) => found.replaceAll(/./gs, "\u0000").replace(/^./s, " "));
  const joined = [...flat]
    .map((character, offset) => ({ character, offset }))
    .filter(({ character }) => character !== "\u0000");
  return [
    ...joined
      .map(({ character }) => character)
      .join("")
      .matchAll(PATTERN),
  ].map((match) => {
    const phrase = match[0].replaceAll(/\s/g, " ").toLowerCase();
    const line = text.slice(0, joined[match.index]?.offset).split("\n").length;
    return `${line}: "${phrase}"; write ${BANNED_PHRASES.find((banned) => banned.phrase === phrase)?.instead}`;
  });
}
