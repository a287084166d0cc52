// SPDX-License-Identifier: MIT
import '/dist/wake_on_sync.js';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
