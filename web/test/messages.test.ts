// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatIssue, formatOutbox, formatText, loadProposalRules } from "sfluv-field";
import type { Language } from "sfluv-field/messages/words";
import { en } from "sfluv-field/messages/en";
import { es } from "sfluv-field/messages/es";
import { fil } from "sfluv-field/messages/fil";
import { zhHant } from "sfluv-field/messages/zh-Hant";

const catalogue = (await loadProposalRules()).codeCatalogue();
// What the package itself says, with the parameters that it gives.
const hostParams: Record<string, string[]> = {
  server_unreachable: [], server_refused: ["status", "operation"], signed_out: ["status"], storage_failed: ["reason"],
  storage_full: [], storage_blocked: [], storage_outdated: [], draft_changed_elsewhere: ["copy"], proposal_unclear: [], proposal_arrived: ["workflow_id"], draft_missing: [], photo_not_stored: ["key"],
  photo_file_unreadable: [], photo_worker_crashed: [], import_not_readable: [], network_not_told: [], record_unknown: ["id"],
};
const named = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

const languages: Record<string, Language> = { en, es, "zh-Hant": zhHant, fil };

/** All sentences of the elements by their path, each category of a plural for itself. */
function sentencesOf(room: object, path = ""): [string, string][] {
  return Object.entries(room).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : sentencesOf(value as object, `${path}${key}.`));
}
const words = (language: Language) => new Map(sentencesOf(language.ui));
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

    test("the elements' sentences carry the same parameters, and all plurals the language has", () => {
      const mine = words(messages);
      for (const [path, sentence] of words(en)) {
        const other = mine.get(path) ?? mine.get(path.replace(/\.(one|other)$/, ".other"))!;
        assert.ok(other.trim().length > 0, path);
        const without = (names: string[]) => new Set(names.filter((name) => name !== "count"));
        assert.deepEqual(without(named(other)), without(named(sentence)), path);
      }
      const categories = new Intl.PluralRules(messages.locale).resolvedOptions().pluralCategories.filter((one) => !["many", "few", "two"].includes(one));
      for (const path of mine.keys()) {
        if (!path.endsWith(".other")) continue;
        for (const category of categories) assert.ok(mine.has(path.replace(/other$/, category)), `${path}: ${category}`);
      }
    });

    test("names its locale, and whether a person has read it", () => {
      assert.deepEqual(Intl.getCanonicalLocales(messages.locale), [language]);
      assert.equal(messages.reviewed, language === "en" || language === "es");
    });
  });
}

test("numbers are written the way of the language, sizes with a unit", () => {
  const issue = { code: "photo_too_large", params: { item_id: "x", bytes: 5_400_000, bytes_max: 4_194_304 } } as const;
  assert.equal(formatIssue(issue, en), "The photo has 5.4 MB; at most 4.19 MB are allowed. Make it smaller.");
  assert.match(formatIssue(issue, es), /5,4 MB/);
});

test("plurals are the language's own", () => {
  const say = (language: Language, count: number) => formatText(language.ui.outbox.photos, language, { count });
  assert.deepEqual([say(en, 1), say(en, 2), say(es, 1), say(es, 1000), say(zhHant, 1)], ["1 photo", "2 photos", "1 foto", "1000 fotos", "1 張照片"]);
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
