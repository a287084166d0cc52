// SPDX-License-Identifier: MIT
// What was measured, as a table, and held against what must be.

/** Each figure with its bound: `must` may not be missed, `reach` is what we want. */
export function verdicts(result) {
  const { ours } = result.paths;
  const atMost = (name, value, must, reach) => ({ name, value, must: `<= ${must}`, reach: `<= ${reach}`, holds: value !== null && value <= must });
  const atLeast = (name, value, must, reach) => ({ name, value, must: `>= ${must}`, reach: `>= ${reach}`, holds: value >= must });
  return [
    atMost('warm', ours.warm_ratio, 0.32, 0.2),
    atMost('first photo after warm-up', ours.warmed_first_ratio, 0.35, 0.25),
    atMost('first photo cold', ours.cold_ratio, 0.7, 0.5),
    atLeast('PSNR dB', ours.psnr_db, 33, 34),
    atLeast('SSIM', ours.ssim, 0.957, 0.957),
    atMost('bytes over the canvas', ours.bytes - result.paths['canvas-high'].bytes, 0, 0),
    atMost('48 MP warm', result.ours_48mp_ratio, 0.3, 0.2),
    atMost('Display P3 over sRGB', result.display_p3_ratio, 1.1, 1.03),
    atMost('memory over file, 12 MP, MiB', result.memory_over_file_mib['12'], 10, 4),
    atMost('memory over file, 48 MP, MiB', result.memory_over_file_mib['48'], 10, 4),
    atMost('photo module and glue, brotli KiB', result.brotli_kib.photo, 48, 34),
    atMost('rules module and glue, brotli KiB', result.brotli_kib.rules, 100, 75),
    atMost('native over libvips', result.native_vs_vips, 0.28, 0.2),
    atMost('wasm over native', result.wasm_vs_native, 1.25, 1.1),
    atMost('main-thread block ms', ours.block_ms, 8, 4),
    atMost('encodes per photo, at any budget', result.encodes_per_photo, 1.5, 1.15),
  ];
}

const show = value => (value === null ? '-' : Number(value) === Math.round(value) ? String(value) : value.toFixed(value < 2 ? 3 : value < 20 ? 2 : 1));

function printColumns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  for (const row of rows) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
}

export function printTable(result, ...runs) {
  const middle = times => times.toSorted((a, b) => a - b)[times.length >> 1].toFixed(0);
  const yes = value => (value ? 'yes' : 'no');
  console.log(`${result.browser}, commit ${result.commit.slice(0, 10)}; medians; canvas-high in a worker = 1.00\n`);
  printColumns([
    ['path', 'warm', 'cold', 'warmed first', 'warm ms', 'cold ms', 'warmed ms', 'PSNR dB', 'SSIM', 'bytes', 'block ms', 'upright', 'GPS gone', 'cut caught', 'strict CSP'],
    ...Object.entries(result.paths).map(([name, path]) => [
      name, ...[path.warm_ratio, path.cold_ratio, path.warmed_first_ratio].map(value => value.toFixed(2)),
      ...runs.map(run => middle(run[name])),
      path.psnr_db?.toFixed(2) ?? '-', path.ssim?.toFixed(3) ?? '-', String(path.bytes), path.block_ms.toFixed(1),
      ...[path.upright, path.gps_gone, path.truncation_caught, path.strict_csp].map(yes),
    ]),
  ]);
  console.log();
  printColumns([['ours', 'value', 'must', 'reach', ''], ...verdicts(result).map(({ name, value, must, reach, holds }) => [name, show(value), must, reach, holds ? '' : 'missed'])]);
  console.log(`\n12 MP of RGBA: ${result.rgba_12mp_ms.toFixed(0)} ms`);
  for (const [name, { version, warm_ratio, error }] of Object.entries(result.other_engines))
    console.log(`${name} ${version}: warm, ours to its own canvas ${warm_ratio?.toFixed(2) ?? error}`);
}
