// SPDX-License-Identifier: MIT
import React, { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createField } from 'sfluv-field';
import 'sfluv-field/elements';

import { options, workflowId } from '../session.js';

function Park({ field }) {
  const [saved, setSaved] = useState('');
  return (
    <main>
      <h1>Our park</h1>
      <sfluv-step field={field} workflowId={workflowId} onsfluv-sealed={event => setSaved(`Saved: ${event.detail.record.step_title}`)} />
      <p id="saved" role="status">{saved}</p>
      <sfluv-outbox field={field} />
    </main>
  );
}

createRoot(document.querySelector('#app')).render(<Park field={await createField(options)} />);
