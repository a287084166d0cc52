// SPDX-License-Identifier: MIT
// What a view shows, kept apart from how it shows it: a state that is replaced, never changed in place,
// and somebody who wants to know when. No DOM, no framework.

export interface Watched<State> {
  readonly state: State;
  /** Calls `look` after each change; the answer ends it. */
  watch(look: () => void): () => void;
  /** Ends what it listens to. What was saved stays. */
  close(): void;
}

export interface Held<State> extends Watched<State> {
  set(change: Partial<State>): void;
}

export function held<State extends object>(first: State): Held<State> {
  let state = first;
  const lookers = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    set(change) {
      state = { ...state, ...change };
      for (const look of [...lookers]) look();
    },
    watch(look) {
      lookers.add(look);
      return () => void lookers.delete(look);
    },
    close: () => lookers.clear(),
  };
}

/** A controller: a state to look at, what may be done, and what ends with it. */
export function controllerOf<Controller extends Watched<object>>(
  self: Held<Controller["state"]>, commands: Omit<Controller, keyof Watched<object>>, end: () => void = () => {},
): Controller {
  const watched: Watched<object> = {
    get state() {
      return self.state;
    },
    watch: self.watch,
    close() {
      end();
      self.close();
    },
  };
  return Object.assign(watched, commands) as Controller;
}
