// Who is here. A session may end in the midst of a form: the page stays as it is, and signing in happens over it.
import { answered, api, onSessionEnd, type Problem, type Who } from "../api/client";

type State = "asking" | "out" | "in" | "ended" | "trouble";

class Session {
  state: State = $state("asking");
  who: Who | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Counts whoever signs in: what was read for one person is not shown to another. */
  person = $state(0);
  /** The link in the address with which a password is set. */
  link: string | null = $state(/^#link=([0-9a-f]{64})$/.exec(location.hash)?.[1] ?? null);
  #onSigned: (() => void)[] = [];

  constructor() {
    onSessionEnd(() => {
      if (this.state === "in") this.state = "ended";
    });
  }

  async ask() {
    const answer = await answered(api.GET("/api/v1/session"));
    if (answer.ok) this.signed(answer.value);
    else if (answer.problem.status === 401) this.state = "out";
    else {
      this.problem = answer.problem;
      this.state = "trouble";
    }
  }

  signed(who: Who) {
    if (this.who?.login !== who.login) this.person += 1;
    this.who = who;
    this.problem = null;
    this.state = "in";
    for (const listener of this.#onSigned) listener();
  }

  /** Tells each time somebody has signed in: what was refused may be asked again. */
  onSigned(listener: () => void) {
    this.#onSigned.push(listener);
  }

  linkUsed() {
    this.link = null;
    history.replaceState(null, "", location.pathname + location.search);
  }

  async signOut() {
    await answered(api.DELETE("/api/v1/session"));
    // Nothing that was read stays in memory for whoever comes next.
    location.assign("/");
  }
}

export const session = new Session();
