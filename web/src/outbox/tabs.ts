// SPDX-License-Identifier: MIT
// Other pages of the same account: one of them drives at a time, all of them show.

export type TabMessage = { changed: string } | { retry: string };

export interface Tabs {
  tell(message: TabMessage): void;
  /** Runs `work` while no other page does; `false` when another page is at it. */
  alone(work: () => Promise<void>): Promise<boolean>;
  close(): void;
}

export function tabsOf(name: string, hear: (message: TabMessage) => void): Tabs {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : undefined;
  if (channel) channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data);
  // Node's process must not stay alive for it.
  (channel as { unref?: () => void } | undefined)?.unref?.();
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return {
    tell: (message) => channel?.postMessage(message),
    async alone(work) {
      // Where there are no locks, the store's compare-and-swap still keeps two pages apart.
      if (!locks) return work().then(() => true);
      // Not held between passes: a held lock keeps a page out of the back/forward cache.
      return locks.request(`${name} drive`, { ifAvailable: true }, async (lock) => {
        if (!lock) return false;
        await work();
        return true;
      }) as Promise<boolean>;
    },
    close: () => channel?.close(),
  };
}
