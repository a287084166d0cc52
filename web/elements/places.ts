// SPDX-License-Identifier: MIT
import type { FormPlace } from "sfluv-field/controllers";

const prefixes = { dropdown_value: "choice", photo_uploads: "photo", written_response: "text", not_possible: "not-possible" } as const;

/** The id of the field where an answer is given; ids of items may hold anything. */
export const placeId = ({ itemId, part }: FormPlace): string =>
  itemId === "" ? prefixes[part] : `${prefixes[part]}-${itemId.replace(/[^\w-]/g, (sign) => `_${sign.codePointAt(0)!.toString(16)}`)}`;
