// SPDX-License-Identifier: MIT
// Child processes in groups of their own, so that a browser with all its helpers can be killed by one id, and so that
// nothing we started outlives us.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const running = new Set();
const scratch = new Set();

export function findOnPath(...names) {
  for (const name of names)
    for (const directory of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(directory, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  throw new Error(`none of ${names.join(', ')} is on PATH; run ./emsdk-setup.sh --host test`);
}

/** Starts a program. `ready` finds in its output the line that says it can be used; the match is handed back. */
export async function start(program, args, { ready, stream = 'stderr', env = process.env, timeoutMs = 30_000 } = {}) {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
  const process_ = { pid: child.pid, child, output: '', stop: () => stop(process_), kill: () => stop(process_, 'SIGKILL') };
  running.add(process_);
  // Unread pipes fill up and block the child, hence both are always drained; the end is kept for error messages.
  const keep = text => (process_.output = (process_.output + text).slice(-20_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  if (!ready) return process_;

  await new Promise((resolve, reject) => {
    const fail = why => reject(new Error(`${program}: ${why}\n${process_.output.slice(-2000)}`));
    const timer = setTimeout(() => fail(`not ready within ${timeoutMs / 1000} s`), timeoutMs);
    let seen = '';
    child[stream].on('data', function look(text) {
      process_.match = ready.exec((seen += text));
      if (!process_.match) return;
      clearTimeout(timer);
      child[stream].off('data', look);
      resolve();
    });
    child.once('error', error => (clearTimeout(timer), fail(error.message)));
    child.once('exit', code => (clearTimeout(timer), fail(`ended with ${code}`)));
  }).catch(async error => {
    await stop(process_, 'SIGKILL');
    throw error;
  });
  return process_;
}

function signal(process_, name) {
  try {
    process.kill(-process_.pid, name);
    return true;
  } catch {
    return false;
  }
}

async function stop(process_, name = 'SIGTERM') {
  running.delete(process_);
  const { child } = process_;
  const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  if (!signal(process_, name)) return;
  const late = setTimeout(() => signal(process_, 'SIGKILL'), 3000);
  await ended;
  clearTimeout(late);
  signal(process_, 'SIGKILL');  // helpers of the group that outlived their leader
}

/** A directory that is gone when we are. */
export function scratchDirectory(name) {
  const path = mkdtempSync(join(tmpdir(), `sfluv-${name}-`));
  scratch.add(path);
  return path;
}

process.on('exit', () => {
  for (const process_ of running) signal(process_, 'SIGKILL');
  for (const path of scratch)
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {}
});
// 128 + the signal's number, as shells do; unless who serves until Ctrl-C has said that all went well.
for (const [name, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]])
  process.once(name, () => process.exit(process.exitCode ?? code));
