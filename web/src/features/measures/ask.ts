// Restrictions, as they stand at the moment that is looked at.
import { api } from "../../api/client";
import { time } from "../../state/city.svelte";
import { given, told } from "../../state/moment";
import { read } from "../../state/store.svelte";

export function readMeasures() {
  return read(() => ["measures", told()], (signal) => api.GET("/api/v1/measures", { params: { query: given({ at: told() }) }, signal }), { still: () => time.past, keepLast: true });
}
