// SPDX-License-Identifier: MIT
// Puts the parts together for one account of one API.

import { systemClock, systemEntropy } from "./clock.js";
import { draftsOf } from "./drafts.js";
import type { Field, FieldOptions } from "./field_types.js";
import { outboxOf } from "./outbox/outbox.js";
import { photoClient } from "./photo/client.js";
import { preparedPhoto } from "./photo/prepared.js";
import type { PhotoPlan } from "./photo/protocol.js";
import { loadRules } from "./rules/load.js";
import { databaseName, indexedDbStore } from "./store/indexed_db.js";
import { photoStore } from "./store/photos.js";
import { storageFailed, storageIssue } from "./store/self_test.js";
import { serverOf } from "./transport/server.js";
import { webTransport } from "./transport/web.js";
import { absencePeriodsOf } from "./workflows/absence_periods.js";
import { copiesOf } from "./workflows/copies.js";
import { foresightOf, predictOf } from "./workflows/foresight.js";
import { credentialRequestsOf, improversOf } from "./workflows/improvers.js";
import { workflowsOf } from "./workflows/workflows.js";

/**
 * Loads the rules, opens the store and starts the queue. Rejects with `SfluvLoadError` when the rules
 * cannot be loaded; a store that does not work shows in `field.storageIssue`.
 */
export async function createField(options: FieldOptions): Promise<Field> {
  const { apiBase, account, profile = "documents", assets = {}, clock = systemClock, entropy = systemEntropy } = options;
  const name = databaseName(apiBase, account);
  const store = options.store ?? indexedDbStore(name);
  const [rules, tested] = await Promise.all([loadRules(assets.rulesWasm), storageIssue(store, entropy)]);
  const server = serverOf(options, options.transport ?? webTransport());
  const photos = photoStore(store, entropy);
  const outbox = outboxOf({ name, account, apiBase, rules: rules.raw, store, photos, server, clock, entropy });
  const copies = copiesOf(store, clock);
  const foresight = foresightOf({ account, profile, credentials: options.credentials, rules, copies, clock });
  const parts = { account, rules, server, copies, clock, foresight };
  const camera = photoClient(assets, clock);
  const storage = tested ?? (await outbox.load().then(() => null, storageFailed));
  if (!storage && options.autoStart !== false) outbox.start();

  return {
    account,
    apiBase,
    storageIssue: storage,
    checkCompletion: rules.checkCompletion,
    async preparePhoto(file, item, { signal, edgePx, bytesMax } = {}) {
      const plan: PhotoPlan = {
        aspect: item.photo_aspect_ratio,
        ...(edgePx !== undefined && { edge_px: edgePx }),
        ...(bytesMax !== undefined && { bytes_max: bytesMax }),
      };
      const before = performance.now();
      const answer = await camera.prepare(file, plan, signal);
      return preparedPhoto(answer, performance.now() - before);
    },
    workflows: workflowsOf(parts),
    absencePeriods: absencePeriodsOf(parts),
    improvers: improversOf(parts),
    credentialRequests: credentialRequestsOf(parts),
    predict: predictOf(foresight),
    discover: foresight.discover,
    deadline: rules.deadline,
    formatAmount: (amount) => rules.formatAmount(amount, profile),
    photos: { save: photos.save, get: photos.get, remove: photos.remove },
    drafts: draftsOf(store),
    outbox,
    async close() {
      await outbox.close();
      camera.close();
      store.close();
    },
  };
}
