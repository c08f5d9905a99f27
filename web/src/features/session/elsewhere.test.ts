import { expect, it } from "vitest";
import { cameBack } from "./elsewhere";

const at = (path: string) => cameBack(new URL(path, "https://levee.example.org"));

it("what another house sent back is read at its own address alone", () => {
  expect(at("/sign-in/return?state=a%20b&code=c")).toEqual({ state: "a b", code: "c", error: null });
  expect(at("/sign-in/return?state=s&error=access_denied")).toEqual({ state: "s", code: null, error: "access_denied" });
  expect(at("/sign-in/return")).toEqual({ state: "", code: null, error: null });
  expect(at("/brief?state=s&code=c")).toBeNull();
});
