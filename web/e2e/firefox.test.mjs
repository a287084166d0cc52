#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { openFirefox } from './lib/firefox.mjs';
import { smoke } from './lib/smoke.mjs';

smoke('Firefox', openFirefox);
