// SPDX-License-Identifier: MIT
// A host's own session: here it stands in the address, `?api=...&account=...&token=...&workflow=...`.
const given = new URLSearchParams(location.search);

export const workflowId = given.get('workflow');
export const options = { apiBase: given.get('api'), account: given.get('account'), token: () => given.get('token') };
