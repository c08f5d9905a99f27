// The last group of commands that this person sent, to be undone together. Nothing is erased: the server writes what corrects it.
import { answered, api, commandId } from "../../api/client";
import { at } from "../../state/moment";
import { toasts } from "../../state/toasts.svelte";

let last: string | null = null;

/** Says that a group was carried out and offers to undo it. */
export function saidDone(command: string, says: string, how: { undo: string; undone: (n: number) => string; failed: (why: string) => string; after: () => void }) {
  last = command;
  toasts.say(says, { says: how.undo, does: () => void undo(how) });
}

/** Undoes the last group; false when there is none. */
export async function undo(how: { undone: (n: number) => string; failed: (why: string) => string; after: () => void }): Promise<boolean> {
  if (last === null) return false;
  const command = last;
  const answer = await answered(api.POST("/api/v1/ledger/undo", { params: { header: { "idempotency-key": commandId() } }, body: { command, ...at() } }));
  if (answer.ok) {
    last = null;
    toasts.say(how.undone(answer.value.changes));
    how.after();
  } else toasts.say(how.failed([answer.problem.detail, answer.problem.hint].filter(Boolean).join(" · ")));
  return true;
}

export function hasGroup(): boolean {
  return last !== null;
}
