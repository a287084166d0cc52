// SPDX-License-Identifier: MIT

import type { Messages, Plural } from "sfluv-field";
import type { en } from "./en.js";

/**
 * All of one language: the package's sentences, and what the elements say. English names what there is
 * to say; a sentence that another language lacks does not compile.
 */
export type Language = Messages & { ui: Words<typeof en.ui> };

type Words<Room> = {
  [Key in keyof Room]: Room[Key] extends string ? string : Room[Key] extends Plural ? Plural : Words<Room[Key]>;
};
