// SPDX-License-Identifier: MIT
// Is this small picture that camera file, upright and cut to the centre? Judged by the browser's own decoder, which
// honours EXIF: both are brought to a coarse grid and compared, as they are and turned.

/** Mean difference of grey levels (0 to 255) as it is, and the least when turned by 90, 180 or 270 degrees. */
export function pixelDifference(page, original, small) {
  return page.evaluate(
    async ([a, b]) => {
      const decode = async base64 => createImageBitmap(new Blob([Uint8Array.fromBase64(base64)]));
      const grid = 24;
      const [camera, made] = [await decode(a), await decode(b)];
      const turned = quarter => {
        const context = new OffscreenCanvas(grid, grid).getContext('2d');
        // The largest part of the camera's picture with the shape of the small one, from the middle.
        const scale = Math.min(camera.width / made.width, camera.height / made.height);
        const [width, height] = [made.width * scale, made.height * scale];
        context.translate(grid / 2, grid / 2);
        context.rotate((quarter * Math.PI) / 2);
        context.imageSmoothingQuality = 'high';
        context.drawImage(camera, (camera.width - width) / 2, (camera.height - height) / 2, width, height, -grid / 2, -grid / 2, grid, grid);
        return context.getImageData(0, 0, grid, grid).data;
      };
      const context = new OffscreenCanvas(grid, grid).getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(made, 0, 0, grid, grid);
      const { data } = context.getImageData(0, 0, grid, grid);
      const difference = other => data.reduce((sum, value, i) => (i % 4 === 3 ? sum : sum + Math.abs(value - other[i])), 0) / (grid * grid * 3);
      return { upright: difference(turned(0)), turned: Math.min(...[1, 2, 3].map(quarter => difference(turned(quarter)))) };
    },
    [original.toString('base64'), small.toString('base64')],
  );
}
