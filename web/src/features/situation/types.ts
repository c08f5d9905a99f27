// What this page reads, by the names of the server's document.
import type { Schemas } from "../../api/client";
import type { Geometry } from "./geo";

export type Situation = Schemas["Situation"];
export type District = Situation["districts"][number];
export type Facility = Situation["facilities"][number];
export type Contradiction = Situation["contradictions"][number];
export type Office = Situation["offices"][number];
export type Figure = Schemas["CountTold"] | Schemas["RateTold"];
export type Unknown = Schemas["Unknown"];
export type Outlook = Schemas["Outlook"];

/** `GET /api/v1/areas/shapes`: outlines of areas and places of facilities. */
export type Shapes = {
  source: { id: string; title: string; publisher: string | null; licence: string } | null;
  features: readonly {
    id: string;
    geometry: Geometry | { type: "Point"; coordinates: readonly [number, number] } | null;
    properties: { what: "area" | "facility"; level?: string; kind?: string; area?: string; name_zh: string; name_en: string };
  }[];
};

/** The outlines of the districts. */
export function outlinesOf(shapes: Shapes): { code: string; geometry: Geometry | null }[] {
  return shapes.features
    .filter(({ properties }) => properties.what === "area" && properties.level === "district")
    .map(({ id, geometry }) => ({ code: id, geometry: geometry === null || geometry.type === "Point" ? null : geometry }));
}
