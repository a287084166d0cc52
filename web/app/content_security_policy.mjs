// SPDX-License-Identifier: MIT
// One policy for the built page's <meta> and for servers' headers. The person types the API's address, so any https
// host and the own machine may be asked; an installation that knows its API narrows it with SFLUV_CONNECT_SRC.
export function contentSecurityPolicy(connect = process.env.SFLUV_CONNECT_SRC ?? 'https: http://127.0.0.1:* http://localhost:*') {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self' ${connect}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
