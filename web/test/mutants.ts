// SPDX-License-Identifier: MIT
// Mistakes that somebody could make in the driver and the stores, each with the tests of which one must see it.
// `from` stands in `file` exactly once; a mutant that does not fit the source any more fails.

export const mutants = [
  {
    name: "resolve-on-request-success", file: "store/indexed_db.ts", tests: ["store"],
    from: "transaction.oncomplete = () => {",
    to: "transaction.objectStore(names[0]!).count().onsuccess = () => {",
  },
  { name: "relaxed-durability", file: "store/indexed_db.ts", tests: ["store"], from: '{ durability: "strict" }', to: '{ durability: "relaxed" }' },
  { name: "half-a-batch-stays", file: "store/indexed_db.ts", tests: ["store"], from: "      transaction.abort();\n      reject(error as Error);", to: "      reject(error as Error);" },
  { name: "no-second-try", file: "store/indexed_db.ts", tests: ["store"], from: 'StoreErrorReason[] = ["full", "unavailable"];', to: "StoreErrorReason[] = [];" },
  { name: "compare-without-swap", file: "store/indexed_db.ts", tests: ["conformance"], from: "if (!sameBytes(bytes, request.result)) {", to: "if (bytes === undefined) {" },
  { name: "block-the-upgrade", file: "store/connection.ts", tests: ["store"], from: "        database.close(); // a newer page upgrades; what is under way here still ends\n", to: "" },
  { name: "wait-for-ever-behind-an-upgrade", file: "store/connection.ts", tests: ["store"], from: "return within(openMsMax, (opening ??= start()));", to: "return (opening ??= start());" },
  {
    name: "believe-the-disk", file: "store/photos.ts", tests: ["store", "outbox_people"],
    from: '(await sha256Hex(concatBytes(parts))) === (sha256 ?? known.sha256) ? parts : "damaged"', to: "parts",
  },
  { name: "believe-the-store's-own-note", file: "store/photos.ts", tests: ["base64"], from: "(sha256 ?? known.sha256)", to: "known.sha256" },
  { name: "fill-the-disk", file: "store/meter.ts", tests: ["store"], from: 'freeBytes <= keptBytes ? "full"', to: 'freeBytes < 0 ? "full"' },
  { name: "overwrite-the-other-draft", file: "drafts.ts", tests: ["drafts"], from: ", [{ table: \"documents\", key, bytes: known.get(key) ?? null }]);", to: ");" },

  { name: "skip-the-persist", file: "outbox/drive.ts", tests: ["outbox", "outbox_people"], from: "      await write(\n", to: "      if (entry.stored === null) await write(\n" },
  { name: "ignore-the-epoch", file: "outbox/lease.ts", tests: ["outbox_pages"], from: "[...onlyIf, { ...leaseRow, bytes: row }]", to: "onlyIf" },
  { name: "send-without-a-last-look", file: "outbox/drive.ts", tests: ["outbox_pages"], from: '    if (op === "send" || !tenure.isSure()) await tenure.renew();\n    if (!tenure.isSure()) throw new Error("Another page may drive by now");\n', to: "" },
  { name: "send-from-two-tabs", file: "outbox/turns.ts", tests: ["outbox_pages"], from: "leases.take(locks.areExclusive, lost)", to: "leases.take(true, lost)" },
  { name: "steal-at-the-first-look", file: "outbox/turns.ts", tests: ["outbox_pages"], from: "    return suspect !== undefined && Math.abs(clock.nowMs() - suspect.sinceMs) >= otherPageMs;", to: "    return true;" },
  { name: "never-steal", file: "outbox/turns.ts", tests: ["outbox_pages"], from: "if (!locks.areExclusive || !(await isHolderFrozen())) return false;", to: "return false;" },
  { name: "no-heartbeat", file: "outbox/lease.ts", tests: ["outbox_pages"], from: "    beat();\n\n    return {", to: "    return {" },
  { name: "leave-orphans", file: "outbox/drain.ts", tests: ["outbox", "outbox_pages"], from: "one.isFresh && !one.isStuck && (isUnderWay(one.view) || unread.includes(one))", to: "false" },
  { name: "a-switch-stops-the-record", file: "outbox/drive.ts", tests: ["outbox_pages"], from: "if (await queue.reload().catch(() => false)) continue;", to: "" },
  { name: "a-pause-of-one-page", file: "outbox/queue_state.ts", tests: ["outbox_people", "outbox_pages"], from: "          await store.write(changes, onlyIf);\n", to: "" },
  { name: "send-while-signed-out", file: "outbox/drain.ts", tests: ["outbox_people"], from: "isStarted && !settings.now.isLocked && !tenure.lost.aborted", to: "isStarted && !tenure.lost.aborted" },
  { name: "say-sent-what-never-left", file: "outbox/drive.ts", tests: ["outbox_pages"], from: 'return { type: "unreachable", op, unsent: !hasLeft };', to: 'return { type: "unreachable", op, unsent: false };' },
  { name: "send-what-is-not-sealed", file: "outbox/body.ts", tests: ["base64"], from: 'if (body.size !== bytes) throw new PhotoLost("damaged");', to: "" },
  { name: "call-saved-what-was-not-read-back", file: "outbox/sealing.ts", tests: ["outbox_people"], from: "if (!back || !isSameRow(back, made.record))", to: "if (!back)" },
  { name: "forget-the-older-version", file: "outbox/drive.ts", tests: ["outbox_people"], from: ", ...keptBefore(entry)", to: "" },
  { name: "remove-photos-in-use", file: "outbox/drive.ts", tests: ["outbox_people"], from: "if (!used.has(key)) await photos.remove(key);", to: "await photos.remove(key);" },
  { name: "take-back-in-two-writes", file: "outbox/drive.ts", tests: ["outbox_people"], from: "...beforehand.changes, ...beside.changes]", to: "...beforehand.changes]" },
  { name: "keep-what-was-not-stored", file: "outbox/asking.ts", tests: ["outbox_people"], from: "    entries.revert(entry);\n", to: "" },
  { name: "import-unseen", file: "outbox/import.ts", tests: ["outbox_people"], from: "(await sha256Hex(bytes)) === sha256", to: "sha256.length === 64" },
  { name: "answer-a-tap-too-early", file: "outbox/outbox.ts", tests: ["outbox_people", "outbox_pages"], from: "      await tried;\n", to: "" },

  { name: "propose-unrecorded", file: "workflows/proposals.ts", tests: ["proposals"], from: "{ draft, attempt: { sent, before } }, row)", to: "{ draft }, row)" },
  { name: "propose-from-two-pages", file: "workflows/proposals.ts", tests: ["proposals"], from: "{ draft, attempt: { sent, before } }, row)", to: "{ draft, attempt: { sent, before } })" },
  { name: "believe-a-twin-of-before", file: "workflows/proposals.ts", tests: ["proposals"], from: "!attempt.before.includes(one.id) && ", to: "" },
  { name: "believe-yesterday's-list", file: "workflows/proposals.ts", tests: ["proposals"], from: 'return now.from === "server" ?', to: "return now.ok ?" },
  { name: "swallow-what-changed-since", file: "workflows/proposals.ts", tests: ["proposals"], from: "if (twin && attempt.sent === sent) {", to: "if (twin && attempt.sent) {" },
  { name: "pay-a-rounded-sum", file: "workflows/proposals.ts", tests: ["proposals"], from: "text: proposalBody(draft) }", to: "text: JSON.stringify(draft) }" },
  { name: "forget-proposals-at-the-door", file: "field.ts", tests: ["proposals"], from: " && !key.startsWith(proposalPrefix)", to: "" },

  { name: "short-answer-clock", file: "transport/xhr.ts", tests: ["transport"], from: "loaded >= size ? answerMs : stallMs", to: "stallMs" },
  { name: "no-stall-clock", file: "transport/xhr.ts", tests: ["transport"], from: "loaded >= size ? answerMs : stallMs", to: "answerMs" },
  { name: "believe-status-0", file: "transport/xhr.ts", tests: ["transport"], from: 'if (xhr.status === 0) throw new TypeError("No answer: status 0");', to: "" },
  { name: "believe-another-origin", file: "transport/answer.ts", tests: ["transport"], from: "new URL(answered).origin !== new URL(asked).origin", to: "false" },
  { name: "trust-the-host's-client", file: "transport/from_fetch.ts", tests: ["transport"], from: "Promise.race([exchange(plan, ending.signal), aborted(ending.signal)])", to: "exchange(plan, ending.signal)" },
  {
    name: "ask-for-headers-once", file: "transport/server.ts", tests: ["outbox"],
    from: "  return {\n    async request(method, path, body, { ready, ...options } = {}) {\n      const given = await within(headersMsMax, clock, hostHeaders(profile, token, headers));",
    to: "  const once = hostHeaders(profile, token, headers);\n  return {\n    async request(method, path, body, { ready, ...options } = {}) {\n      const given = new Headers(await within(headersMsMax, clock, once));",
  },
];
