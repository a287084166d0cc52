// SPDX-License-Identifier: MIT
// Who works: becoming an improver, where bounties go, credentials.

import type { CredentialRequests, Improvers } from "../field_types.js";
import { copyKey } from "./copies.js";
import { change, read, type Parts } from "./operations.js";

export function improversOf(parts: Parts): Improvers {
  return {
    request: (body, options = {}) => change(parts, {
      method: "POST", path: "/improvers/request", body, operation: "improver request", kind: "improver",
    }, options),
    setPrimaryRewardsAccount: (primary_rewards_account, options = {}) => change(parts, {
      method: "PUT", path: "/improvers/primary-rewards-account", body: { primary_rewards_account },
      operation: "primary-rewards-account", kind: "improver",
    }, options),
  };
}

export function credentialRequestsOf(parts: Parts): CredentialRequests {
  const request = { path: "/improvers/credential-requests", operation: "credential-requests" };
  return {
    list: (options = {}) => read(parts, {
      ...request, method: "GET", kind: "credential_requests", key: copyKey.credentialRequests,
    }, options),
    create: (credential_type, options = {}) => change(parts, {
      ...request, method: "POST", body: { credential_type }, kind: "credential_request",
    }, options),
  };
}
