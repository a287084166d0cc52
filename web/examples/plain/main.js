// SPDX-License-Identifier: MIT
import { createField } from 'sfluv-field';
import 'sfluv-field/elements';

import { options, workflowId } from '../session.js';

const field = await createField(options);
const step = document.querySelector('sfluv-step');
Object.assign(step, { field, workflowId });
Object.assign(document.querySelector('sfluv-outbox'), { field });
step.addEventListener('sfluv-sealed', event => {
  document.querySelector('#saved').textContent = `Saved: ${event.detail.record.step_title}`;
});
