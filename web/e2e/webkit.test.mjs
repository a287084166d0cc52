#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { smoke } from './lib/smoke.mjs';
import { openWebKit } from './lib/webkit.mjs';

smoke('WebKit', openWebKit);
