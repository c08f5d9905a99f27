// Whether this is a demonstration: then everybody of the city may be chosen at the door, and every page says so.
import { answered, api, type Schemas } from "../api/client";

class Demo {
  /** Until the server has answered, it is none. */
  told: Schemas["Demonstration"] | null = $state.raw(null);
  on = $derived(this.told?.demo ?? false);

  constructor() {
    void answered(api.GET("/api/v1/demonstration")).then((answer) => {
      if (answer.ok) this.told = answer.value;
    });
  }
}

export const demo = new Demo();
