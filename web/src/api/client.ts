// A thin wrapper about the generated client: what went wrong comes back as the server's own words.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Who = Schemas["Who"];
export type Area = Schemas["Area"];
export type City = Schemas["City"];

/** A page of ours sends this with every request; a page of another site cannot. */
export const GUARD = { "x-levee": "1" };

export const api = createClient<paths>({ headers: GUARD, credentials: "same-origin" });

let ended: () => void = () => undefined;

/** Tells when a request was refused because nobody is signed in any more. */
export function onSessionEnd(listener: () => void) {
  ended = listener;
}

/** For requests that do not go through `api`: an answer 401 means the same there. */
export function sessionEnded() {
  ended();
}

api.use({
  onResponse({ request, response }) {
    // Whoever asks whether somebody is signed in, or signs in, hears it as an answer.
    if (response.status === 401 && new URL(request.url).pathname !== "/api/v1/session") ended();
  },
});

/** What an answer held, or the problem that it was. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export type Fetched<T> = { data?: T; error?: unknown; response: Response };

export const UNREACHABLE = "/problems/unreachable";

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "title" in error && "detail" in error;
}

function unreachable(status: number, detail: string): Problem {
  return { type: UNREACHABLE, title: "The server does not answer", status, detail, hint: "check the network; nothing that you typed is lost" };
}

/** Waits for an answer. A server that cannot be reached is a problem as any other. */
export async function answered<T>(fetching: Promise<Fetched<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await fetching;
    if (response.ok) return { ok: true, value: data as T };
    if (isProblem(error)) return { ok: false, problem: error };
    return { ok: false, problem: unreachable(response.status, response.statusText) };
  } catch (thrown) {
    return { ok: false, problem: unreachable(0, thrown instanceof DOMException && thrown.name === "AbortError" ? "given up" : "the connection failed") };
  }
}

/** The name of a command, made here: sent twice, it is done once. */
export function commandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = BigInt(Date.now());
  for (let nth = 0; nth < 6; nth++) bytes[nth] = Number((now >> BigInt(8 * (5 - nth))) & 0xffn);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
