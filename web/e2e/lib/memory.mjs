// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';

function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

const numberAt = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

/** Bytes of a process and all its descendants, pages that they share counted once. */
export function memoryOf(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) parents.set(Number(name), numberAt(readProcess(name, 'status'), 'PPid'));
  const isOurs = pid => pid === root || (parents.has(pid) && pid > 1 && isOurs(parents.get(pid)));
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + 1024 * numberAt(readProcess(pid, 'smaps_rollup'), 'Pss'), 0);
}
