// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatIssue, formatOutbox, loadRules, type Messages } from "sfluv-field";
import { en } from "sfluv-field/messages/en";
import { es } from "sfluv-field/messages/es";
import { fil } from "sfluv-field/messages/fil";
import { zhHant } from "sfluv-field/messages/zh-Hant";

const catalogue = (await loadRules()).codeCatalogue();
// What the package itself says, with the parameters that it gives.
const hostParams: Record<string, string[]> = {
  server_unreachable: [], server_refused: ["status", "operation"], signed_out: ["status"], storage_failed: ["reason"],
  storage_full: [], storage_blocked: [], storage_outdated: [], draft_changed_elsewhere: ["copy"], photo_not_stored: ["key"],
  photo_file_unreadable: [], photo_worker_crashed: [], import_not_readable: [], network_not_told: [], record_unknown: ["id"],
};
const named = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

const languages: Record<string, Messages> = { en, es, "zh-Hant": zhHant, fil };
for (const [language, messages] of Object.entries(languages)) {
  describe(language, () => {
    test("has a sentence for each code and no other", () => {
      const codes = [...catalogue.map(({ code }) => code), ...Object.keys(hostParams)];
      assert.deepEqual(Object.keys(messages.issues).sort(), codes.sort());
      for (const sentence of Object.values(messages.issues)) assert.ok(sentence.trim().length > 5);
    });

    test("names only parameters that an issue of the code carries", () => {
      for (const [code, message] of Object.entries(messages.issues)) {
        const known = catalogue.find((row) => row.code === code)?.params ?? hostParams[code] ?? [];
        for (const name of named(message)) assert.ok(known.includes(name), `${code}: {${name}}`);
      }
    });

    test("says the same things as English", () => {
      for (const [code, message] of Object.entries(messages.issues)) {
        assert.deepEqual(named(message).sort(), named(en.issues[code as keyof typeof en.issues]).sort(), code);
      }
      assert.deepEqual(Object.keys(messages.outbox.states), Object.keys(en.outbox.states));
      assert.deepEqual(Object.keys(messages.outbox.whys), Object.keys(en.outbox.whys));
    });

    test("names its locale, and whether a person has read it", () => {
      assert.deepEqual(Intl.getCanonicalLocales(messages.locale), [language]);
      assert.equal(messages.reviewed, language === "en");
    });
  });
}

test("numbers are written the way of the language, sizes with a unit", () => {
  const issue = { code: "photo_too_large", params: { item_id: "x", bytes: 5_400_000, bytes_max: 4_194_304 } } as const;
  assert.equal(formatIssue(issue, en), "The photo has 5.4 MB; at most 4.19 MB are allowed. Make it smaller.");
  assert.match(formatIssue(issue, es), /5,4 MB/);
});

test("a code or a state of a newer version still gives a sentence", () => {
  assert.match(formatIssue({ code: "constructor" as never, params: {} }, en), /\(constructor\)/);
  assert.match(formatOutbox({ state: "teleported", why: "none", server: null, receipt: null }, en).state, /teleported/);
});

test("the words of the server are shown as words, not as a pattern", () => {
  const record = { state: "needs_fix", why: "rejected", server: { status: 400, text: "{status} $& <b>" }, receipt: null };
  assert.equal(formatOutbox(record, en).why, "The server said: {status} $& <b>");
  const delivered = { state: "delivered", why: "none", server: null, receipt: { submission_id: "s", evidence: "strong", at_ms: 1 } };
  assert.equal(formatOutbox(delivered, en).why, en.outbox.evidence.strong);
});
