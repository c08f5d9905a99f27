// Signing in where another house vouches for people: what it sent back with the browser.
import type { Schemas } from "../../api/client";
import { paths } from "../../paths";

export type CameBack = Schemas["CameBack"];

/** What the address holds when the browser comes back; null at every other address. */
export function cameBack(address: URL): CameBack | null {
  if (address.pathname !== paths.signInReturn()) return null;
  const given = address.searchParams;
  return { state: given.get("state") ?? "", code: given.get("code"), error: given.get("error") };
}
