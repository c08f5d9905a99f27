// Finding things by a few letters: Chinese, pinyin (which for our places is their English name), initials of pinyin, code.

/** The text as it is compared: small letters, no accents, no apostrophes or spaces (Nan'an is nanan). */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/['’\-.\s]/g, "");
}

export type Named = {
  /** Names under which it is found, the most usual first. */
  names: readonly string[];
};

function one(word: string, name: string): number {
  const flat = plain(name);
  if (flat === word) return 100;
  if (flat.startsWith(word)) return 80;
  const heads = name.toLowerCase().split(/[\s,:·]+/).map(plain);
  if (heads.some((head) => head.startsWith(word))) return 60;
  // Two letters stand inside many words ("tr" in every district); two characters do not.
  if ((word.length > 2 || /[^ -~]/.test(word)) && flat.includes(word)) return 40;
  return 0;
}

/** How well something answers to what was typed: 0 = not at all. Every word that was typed must be found in some name. */
export function match(typed: string, thing: Named): number {
  const words = typed.split(/\s+/).map(plain).filter((word) => word !== "");
  if (words.length === 0) return 1;
  let sum = 0;
  for (const word of words) {
    const best = Math.max(0, ...thing.names.map((name, nth) => one(word, name) - Math.min(nth, 9) * 0.1));
    if (best <= 0) return 0;
    sum += best;
  }
  return sum / words.length;
}

/** The best answers, equal ones in the order in which they stand. */
export function find<T extends Named>(typed: string, things: readonly T[], most: number): T[] {
  return things
    .map((thing, nth) => ({ thing, nth, score: match(typed, thing) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.nth - b.nth)
    .slice(0, most)
    .map(({ thing }) => thing);
}
