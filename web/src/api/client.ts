// A thin wrapper about the generated client: what went wrong comes back as the server's own words.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema";

export type Problem = components["schemas"]["Problem"];
export type Who = components["schemas"]["Who"];

/** A page of ours sends this with every request; a page of another site cannot. */
const GUARD = { "x-levee": "1" };

export const api = createClient<paths>({ headers: GUARD, credentials: "same-origin" });

/** What an answer held, or the problem that it was. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

type Fetched<T> = { data?: T; error?: unknown; response: Response };

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "title" in error && "detail" in error;
}

function unreachable(): Problem {
  return {
    type: "/problems/unreachable",
    title: "The server does not answer",
    status: 0,
    detail: "the connection failed",
    hint: "check the network; nothing that you typed is lost",
  };
}

/** Waits for an answer. A server that cannot be reached is a problem as any other. */
export async function answered<T>(fetching: Promise<Fetched<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await fetching;
    if (response.ok) return { ok: true, value: data as T };
    if (isProblem(error)) return { ok: false, problem: error };
    return { ok: false, problem: { ...unreachable(), status: response.status, detail: response.statusText } };
  } catch {
    return { ok: false, problem: unreachable() };
  }
}
