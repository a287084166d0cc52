// SPDX-License-Identifier: MIT
// Who drives. The lock keeps pages apart; the lease is for the page that was frozen in the middle of its
// work and wakes up when another has taken over: each of its writes is made only if the epoch is still
// its own, and nothing leaves it without the certainty that nobody can have taken over yet.

import { StoreError, type Clock, type Store, type StoreExpectation } from "../ports.js";
import { bytesOfText, textOfBytes } from "../store/bytes.js";

const leaseMs = 30_000;
const heartbeatMs = 10_000;

interface Epoch {
  epoch: number;
  owner: string;
}

/** What the store says of the page that drove last. */
export interface LeaseState {
  /** Changes whenever a page takes over; `null` before the first. */
  row: Uint8Array<ArrayBuffer> | null;
  epoch: number;
  owner: string;
  /** That page has not been heard of for longer than a living one may be silent. */
  isStale: boolean;
}

export interface Tenure {
  /** For every write of a driver: nobody has taken over. */
  readonly proof: StoreExpectation;
  /** Aborts when another page is seen to have taken over, or has stolen the lock. */
  readonly lost: AbortSignal;
  /** Was this page the last to drive, too? Then nobody else left anything under way. */
  readonly isContinued: boolean;
  /** Says that we are still here. Rejects when we are not, or when the store cannot be written. */
  renew(): Promise<void>;
  /** Nobody can have taken over yet. */
  isSure(): boolean;
  end(): Promise<void>;
}

export interface Leases {
  read(): Promise<LeaseState>;
  /** Begins the next epoch; `undefined` when another page was quicker. */
  take(from: LeaseState, lockLost: AbortSignal): Promise<Tenure | undefined>;
}

// Two rows: the heartbeat of a page must not get into the way of its own conditional writes.
const epochRow = { table: "meta", key: "epoch" } as const;
const untilRow = { table: "meta", key: "lease" } as const;

export function leasesOf(store: Store, clock: Clock, owner: string): Leases {
  const untilChange = (untilMs: number) => ({ ...untilRow, bytes: bytesOfText(String(untilMs)) });

  return {
    async read() {
      const [row, until] = await Promise.all([store.get("meta", epochRow.key), store.get("meta", untilRow.key)]);
      const { epoch, owner: last } = row ? (JSON.parse(textOfBytes(row)) as Epoch) : { epoch: 0, owner: "" };
      const leftMs = Number(until ? textOfBytes(until) : 0) - clock.nowMs();
      // More than a lease ahead was written by another clock.
      return { row: row ?? null, epoch, owner: last, isStale: leftMs <= 0 || leftMs > leaseMs };
    },

    async take(from, lockLost) {
      const proof = { ...epochRow, bytes: bytesOfText(JSON.stringify({ epoch: from.epoch + 1, owner } satisfies Epoch)) };
      let sureUntilMs = clock.nowMs() + leaseMs;
      try {
        await store.write([proof, untilChange(sureUntilMs)], [{ ...epochRow, bytes: from.row }]);
      } catch (error) {
        if (error instanceof StoreError && error.reason === "conflict") return undefined;
        throw error;
      }
      const losing = new AbortController();
      const lose = () => losing.abort();
      lockLost.addEventListener("abort", lose, { once: true });
      if (lockLost.aborted) lose();

      async function renew(): Promise<void> {
        losing.signal.throwIfAborted();
        const untilMs = clock.nowMs() + leaseMs;
        try {
          await store.write([untilChange(untilMs)], [proof]);
        } catch (error) {
          if (error instanceof StoreError && error.reason === "conflict") lose();
          throw error;
        }
        sureUntilMs = untilMs;
      }

      let stopBeating = () => {};
      const beat = () => {
        stopBeating = clock.after(heartbeatMs, () => {
          renew().catch(() => {}); // who needs to know asks `isSure`
          if (!losing.signal.aborted) beat();
        });
      };
      beat();

      return {
        proof, renew,
        lost: losing.signal,
        isContinued: from.owner === owner,
        isSure: () => !losing.signal.aborted && clock.nowMs() < sureUntilMs,
        async end() {
          stopBeating();
          lockLost.removeEventListener("abort", lose);
          // Where there are no locks, the next page need not wait for the lease to run out.
          if (!losing.signal.aborted) await store.write([untilChange(0)], [proof]).catch(() => {});
        },
      };
    },
  };
}
