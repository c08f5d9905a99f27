// What the page reads of a brief's document (`levee.brief`): its sentences, and who made it when.
export type Sentence = { zh: string; en: string; synthetic: boolean };

export type Brief = {
  lead: Sentence[];
  points: Sentence[];
  titles: Record<string, Sentence>;
  facts: {
    masthead: {
      city: { zh: string; en: string };
      headquarters: { zh: string; en: string };
      day: string;
      as_known_at: string;
      replay: boolean;
      code: string;
      engine_version: string;
    };
  };
};

function isSentence(of: unknown): of is Sentence {
  const one = of as Sentence | null;
  return typeof one === "object" && one !== null && typeof one.zh === "string" && typeof one.en === "string";
}

/** The document as a brief; null when it is none, so that a later form of it is said to be one and not half shown. */
export function asBrief(document: unknown): Brief | null {
  const one = document as Brief | null;
  if (typeof one !== "object" || one === null) return null;
  const whole =
    Array.isArray(one.lead) && one.lead.every(isSentence) && Array.isArray(one.points) && one.points.every(isSentence) &&
    typeof one.titles === "object" && one.titles !== null && Object.values(one.titles).every(isSentence) &&
    typeof one.facts?.masthead?.day === "string";
  return whole ? one : null;
}

/** The sections' findings in the order in which the brief reads. */
const ORDER = [
  "city", "districts", "outlook", "explain", "demand", "load", "care", "orders", "plan", "shortfalls", "owed", "measures", "audit",
  "contradictions", "ages",
];

export function findings(brief: Brief): [string, Sentence][] {
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.entries(brief.titles).sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
