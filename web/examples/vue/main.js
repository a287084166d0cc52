// SPDX-License-Identifier: MIT
import { createField } from 'sfluv-field';
import 'sfluv-field/elements';
import { createApp, h, ref } from 'vue';

import { options, workflowId } from '../session.js';

const field = await createField(options);

createApp({
  setup() {
    const saved = ref('');
    return () => h('main', [
      h('h1', 'Our park'),
      h('sfluv-step', { field, workflowId, onSfluvSealed: event => (saved.value = `Saved: ${event.detail.record.step_title}`) }),
      h('p', { id: 'saved', role: 'status' }, saved.value),
      h('sfluv-outbox', { field }),
    ]);
  },
}).mount('#app');
