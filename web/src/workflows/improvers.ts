// SPDX-License-Identifier: MIT
// Who works: becoming an improver, where bounties go, credentials.

import type { CredentialRequests, Improvers } from "../field_types.js";
import type { Answers } from "../rules/load.js";
import type { Change } from "../types.js";
import { copyKey } from "./copies.js";
import { change, read, type Parts } from "./operations.js";

export function improversOf(parts: Parts): Improvers {
  return {
    request: async (body, options = {}) => improverIn(await change(parts, {
      method: "POST", path: "/improvers/request", body, operation: "improver request", kind: "improver",
    }, options)),
    setPrimaryRewardsAccount: async (primary_rewards_account, options = {}) => improverIn(await change(parts, {
      method: "PUT", path: "/improvers/primary-rewards-account", body: { primary_rewards_account },
      operation: "primary-rewards-account", kind: "improver",
    }, options)),
  };
}

export function credentialRequestsOf(parts: Parts): CredentialRequests {
  const path = "/improvers/credential-requests";
  const operation = "credential-requests";
  return {
    async list(options = {}) {
      const reading = await read(parts, {
        method: "GET", path, operation, kind: "credential_requests", key: copyKey.credentialRequests,
      }, options);
      return reading.ok ? { ...reading, value: reading.value.requests } : reading;
    },
    async create(credential_type, options = {}) {
      const made = await change(parts, {
        method: "POST", path, body: { credential_type }, operation, kind: "credential_request",
      }, options);
      return made.ok ? { ok: true, value: made.value.request } : made;
    },
  };
}

function improverIn(made: Change<Answers["improver"]>): Change<Answers["improver"]["improver"]> {
  return made.ok ? { ok: true, value: made.value.improver } : made;
}
