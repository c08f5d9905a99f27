// Asks for what is owed in an area and in each of its parts. One answer holds up to 1,000 obligations; where there are more, each part is
// asked for its sums.
import { api, type Fetched, type Schemas } from "../../api/client";
import { given, told } from "../../state/moment";
import { rest, tally, type Item, type KindSum } from "./owed";

export type Board = { at: string; area: string; kinds: Schemas["KindOwed"][]; items: readonly Item[]; more: boolean; places: ReadonlyMap<string, readonly KindSum[]> };

/** So many questions wait at the server at one time. */
const AT_ONCE = 4;

export async function askBoard(area: string | undefined, parts: readonly string[], signal: AbortSignal): Promise<Fetched<Board>> {
  const ask = (of: string | undefined, limit: number) => api.GET("/api/v1/obligations", { params: { query: { ...given({ area: of, at: told() }), limit } }, signal });
  const whole = await ask(area, 1000);
  if (whole.data === undefined) return { error: whole.error, response: whole.response };
  const { data, response } = whole;
  if (!data.more) return { data: { ...data, places: tally(data.items, data.area, parts, data.at) }, response };
  const places = new Map<string, readonly KindSum[]>();
  const waiting = [...parts];
  let failed: Fetched<Board> | null = null;
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined && failed === null; part = waiting.shift()) {
      const answer = await ask(part, 1);
      if (answer.data === undefined) failed = { error: answer.error, response: answer.response };
      else places.set(part, answer.data.kinds);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed !== null) return failed;
  const own = rest(data.kinds, [...places.values()]);
  if (own.length > 0) places.set(data.area, own);
  return { data: { ...data, places }, response };
}
