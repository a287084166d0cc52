// SPDX-License-Identifier: MIT
import { makeField } from './field.js';

export async function prepare(file, options) {
  const field = await makeField();
  const outcome = await field.preparePhoto(file, { photo_aspect_ratio: '' }, options);
  if (!outcome.ok) throw new Error(outcome.issue.code);
  return outcome.value.toUpload().data_base64;
}

export const warmUp = async () => (await makeField()).photos.warmUp();
