// SPDX-License-Identifier: MIT
// Puts the parts together for one account of one API.

import { otherAccounts } from "./accounts.js";
import { systemClock, systemEntropy } from "./clock.js";
import { draftPrefix, draftsOf } from "./drafts.js";
import type { Field, FieldOptions, Photos } from "./field_types.js";
import { webLocks } from "./locks.js";
import { outboxOf } from "./outbox/outbox.js";
import { photoClient } from "./photo/client.js";
import { preparedPhoto } from "./photo/prepared.js";
import { photoPlan } from "./photo/protocol.js";
import type { Store } from "./ports.js";
import { loadRules } from "./rules/load.js";
import { loadProposalRules, type ProposalRules } from "./rules/proposals.js";
import { databaseName, indexedDbStore } from "./store/indexed_db.js";
import { storageMeter } from "./store/meter.js";
import { photoStore } from "./store/photos.js";
import { storageFailed, storageIssue } from "./store/self_test.js";
import { readingServer, serverOf } from "./transport/server.js";
import { webTransport } from "./transport/web.js";
import { absencePeriodsOf } from "./workflows/absence_periods.js";
import { copiesOf } from "./workflows/copies.js";
import { foresightOf, predictOf } from "./workflows/foresight.js";
import { credentialRequestsOf, improversOf } from "./workflows/improvers.js";
import { proposalPrefix, proposalsOf } from "./workflows/proposals.js";
import { votesOf } from "./workflows/votes.js";
import { workflowsOf } from "./workflows/workflows.js";

/**
 * Loads the rules, opens the store and starts the queue. Rejects with `SfluvLoadError` when the rules
 * cannot be loaded; a store that does not work shows in `field.storageIssue`.
 */
export async function createField(options: FieldOptions): Promise<Field> {
  const { apiBase, account, profile = "documents", assets = {}, clock = systemClock, entropy = systemEntropy } = options;
  const name = databaseName(apiBase, account);
  const store = options.store ?? indexedDbStore(name);
  const testing = storageIssue(store, entropy);
  const rules = await loadRules(assets.rulesWasm);
  const server = serverOf(options, options.transport ?? webTransport(clock), clock);
  const reader = readingServer(server, (id, document) => outbox.shown(id, document));
  const storage = storageMeter(store);
  const photos = photoStore(store, entropy, storage);
  const outbox = outboxOf({
    name, account, apiBase, rules: rules.raw, store, photos, server, clock, entropy, storage,
    locks: options.locks ?? webLocks(), profile, retentionMs: options.retentionMs, isMetered: options.isMetered,
  });
  const copies = copiesOf(store, clock);
  const foresight = foresightOf({ account, profile, credentials: options.credentials, rules, copies, clock });
  const parts = { account, rules, server: reader, copies, clock, foresight };
  outbox.addEventListener("change", storage.askToPersist, { once: true }); // there is something to lose now
  let proposalRules: Promise<ProposalRules> | undefined;
  const camera = photoClient(assets, clock);
  // Room that was made is not taken for granted: some browsers give it back after a restart only.
  const savePhoto: Photos["save"] = async (photo) => {
    const saved = await photos.save(photo);
    const isShort = !saved.ok && saved.issue.code === "storage_full";
    return isShort && (await outbox.makeRoom(storage.hasRoomForPhotos)) ? photos.save(photo) : saved;
  };
  const [tested, loaded] = await Promise.all([testing, outbox.load().then(() => null, storageFailed)]);
  const unable = tested ?? loaded;
  if (!unable && options.autoStart !== false) outbox.start();

  return {
    account,
    apiBase,
    storageIssue: unable,
    checkCompletion: rules.checkCompletion,
    async preparePhoto(file, item, options = {}) {
      const { signal, onProgress } = options;
      const before = performance.now();
      const answer = await camera.prepare(file, photoPlan(item.photo_aspect_ratio, options), { signal, onProgress });
      return preparedPhoto(answer, performance.now() - before);
    },
    workflows: workflowsOf(parts),
    absencePeriods: absencePeriodsOf(parts),
    improvers: improversOf(parts),
    credentialRequests: credentialRequestsOf(parts),
    proposals: proposalsOf({ ...parts, store }, async (draft, context) => {
      proposalRules ??= loadProposalRules(assets.proposalsWasm);
      proposalRules.catch(() => (proposalRules = undefined)); // the next call tries again
      return (await proposalRules).check(draft, { ...context, profile, account, nowMs: clock.nowMs() });
    }),
    votes: votesOf(parts),
    checkRewardsAccount: (address) => rules.checkRewardsAccount(address, profile),
    predict: predictOf(foresight),
    discover: foresight.discover,
    deadline: rules.deadline,
    formatAmount: (amount) => rules.formatAmount(amount, profile),
    parseAmount: (typed) => rules.parseAmount(typed, profile),
    storage: { report: storage.report, askToPersist: storage.askToPersist },
    photos: { save: savePhoto, get: photos.get, remove: photos.remove, warmUp: camera.warmUp },
    drafts: draftsOf(store, entropy),
    outbox,
    otherAccounts: () => otherAccounts({ apiBase, rules: rules.raw, clock, entropy }, account),
    async signOut() {
      try {
        const undelivered = await outbox.lock();
        await forgetCopies(store);
        return { ok: true, value: { undelivered } };
      } catch (error) {
        return { ok: false, issue: storageFailed(error) };
      }
    },
    async close() {
      await outbox.close();
      camera.close();
      store.close();
    },
  };
}

/** What others wrote, read while somebody was signed in; drafts and records are the person's own and stay. */
async function forgetCopies(store: Store): Promise<void> {
  const rows = await store.list("documents");
  const copies = rows.filter(({ key }) => !key.startsWith(draftPrefix) && !key.startsWith(proposalPrefix));
  await store.write(copies.map(({ key }) => ({ table: "documents", key, bytes: null })));
}
