// SPDX-License-Identifier: MIT
import { createField } from '../../../dist/index.js';

let field;
const transport = { send: () => Promise.reject(new Error('nothing is sent here')) };
export const makeField = () => (field ??= createField({ apiBase: location.origin, account: 'bench', autoStart: false, transport }));
