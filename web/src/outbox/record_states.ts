// SPDX-License-Identifier: MIT

import type { OutboxRecord } from "../types.js";

/** A request is on its way, or about to be. */
export const isUnderWay = ({ state }: OutboxRecord): boolean => state === "probing" || state === "sending" || state === "reconciling";

/** Nothing is left to deliver. */
export const isOver = ({ state }: OutboxRecord): boolean => state === "delivered" || state === "pruned" || state === "discarded";

/** Taken back, or given up for good: a mark that the id was here. */
export const isTombstone = ({ state, receipt }: OutboxRecord): boolean => state === "pruned" && receipt === null;
