// SPDX-License-Identifier: MIT

/** Gives a file to the person: the share sheet where it takes files, a download elsewhere. */
export async function handOver(stream: ReadableStream<Uint8Array<ArrayBuffer>>, name: string): Promise<void> {
  const file = new File([await new Response(stream).blob()], name, { type: "application/zip" });
  if (navigator.canShare?.({ files: [file] }) && matchMedia("(pointer: coarse)").matches) {
    try {
      return await navigator.share({ files: [file] });
    } catch (error) {
      if ((error as DOMException).name === "AbortError") return; // the person closed the sheet
    }
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it after the click
}
