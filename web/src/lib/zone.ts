// The city's time zone, not the browser's: a colleague who travels sees the city's hours.
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    formats.set(zone, made);
  }
  return made;
}

/** The civil moment to the second (2022-11-18T13:00:00) at an instant (ms since 1970) in a zone. */
export function civilOf(instant: number, zone: string): string {
  const part = Object.fromEntries(format(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/** The instant of a civil moment in a zone. Within an hour that a zone skips, the moment after the gap. */
export function instantOf(civil: string, zone: string): number {
  const full = civil.length === 10 ? `${civil}T00:00:00` : civil.length === 16 ? `${civil}:00` : civil;
  const asUtc = Date.parse(`${full}Z`);
  const offset = (at: number) => Date.parse(`${civilOf(at, zone)}Z`) - at;
  const first = asUtc - offset(asUtc);
  return asUtc - offset(first);
}

/** As the API takes it: 2022-11-18T05:00:00Z. */
export function wire(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}
