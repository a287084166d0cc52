// SPDX-License-Identifier: MIT
// Other pages of the same account: one of them drives at a time, all of them show.

export type TabMessage =
  | { changed: string }
  | { progress: string; sentBytes: number; totalBytes: number }
  /** The page that drives is asked to try this one now. */
  | { retry: string }
  /** The person moved a switch, or signed out. */
  | { switched: true };

export interface Tabs {
  tell(message: TabMessage): void;
  close(): void;
}

export function tabsOf(name: string, hear: (message: TabMessage) => void): Tabs {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : undefined;
  if (channel) channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data);
  // Node's process must not stay alive for it.
  (channel as { unref?: () => void } | undefined)?.unref?.();
  return {
    tell: (message) => channel?.postMessage(message),
    close: () => channel?.close(),
  };
}
