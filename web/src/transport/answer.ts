// SPDX-License-Identifier: MIT

/** An answer that another origin gave after a redirect is none of this API's. */
export function refuseForeign(asked: string, answered: string): void {
  if (answered && new URL(answered).origin !== new URL(asked).origin) throw new TypeError("No answer: redirected away");
}
