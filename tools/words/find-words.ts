/** `words`: single words, those of one meaning in one key. `phrases`: regular expressions. Each has its replacement. */
export interface BannedWords {
  readonly words: Readonly<Record<string, string>>;
  readonly phrases: Readonly<Record<string, string>>;
  /** A file, or a folder ending in "/", and the words (or "*") that may stand in it. */
  readonly allowed: Readonly<Record<string, string>>;
}

export interface FoundWord {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly use: string;
}

/** A word of a text or a part of an identifier: `heldEvent`, `HELD_EVENT` and `held-event` have the part `held`. */
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** Names that are written as one word, although they have capitals within. */
const ONE_WORD = /ZooKeeper|zooKeeper|allSettled|PromiseSettledResult|GateVerdict|gateVerdict/g;

/** @returns the banned words of a text, in the order of its lines. */
export function findWords(file: string, text: string, banned: BannedWords): FoundWord[] {
  const useOf = new Map(
    Object.entries(banned.words).flatMap(([words, use]) => words.split(' ').map((word) => [word, use] as const)),
  );
  const phrases = Object.entries(banned.phrases).map(([pattern, use]) => [new RegExp(pattern, 'gi'), use] as const);
  const isAllowed = allowedIn(file, banned.allowed);
  const found: FoundWord[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    for (const [part] of content.replace(ONE_WORD, '').matchAll(PART)) {
      const use = useOf.get(part.toLowerCase());
      if (use !== undefined && !isAllowed(part.toLowerCase())) found.push({ file, line, found: part, use });
    }
    for (const [pattern, use] of phrases) {
      for (const [phrase] of content.matchAll(pattern)) {
        if (!isAllowed(phrase.toLowerCase())) found.push({ file, line, found: phrase, use });
      }
    }
  }
  return found;
}

function allowedIn(file: string, allowed: BannedWords['allowed']): (word: string) => boolean {
  const words = new Set(
    Object.entries(allowed)
      .filter(([path]) => (path.endsWith('/') ? file.startsWith(path) : file === path))
      .flatMap(([, list]) => list.split(', ')),
  );
  return (word) => words.has('*') || words.has(word);
}

/** @returns the numbers of a source's lines that hold a comment past column 120; a link may be as long as it is. */
export function longComments(text: string): number[] {
  return text
    .split('\n')
    .flatMap((content, index) =>
      content.length > 120 && /^\s*(\/\/|\/?\*|#)/.test(content) && !/https?:\/\/\S{60}/.test(content)
        ? [index + 1]
        : [],
    );
}
