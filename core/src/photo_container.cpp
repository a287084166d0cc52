// SPDX-License-Identifier: MIT
#include "photo_container.h"

namespace sfluv::photo {

Found<Walked> walk(Bytes file, Proof proof) {
  if (file.empty()) return std::unexpected(Fault{Code::photo_file_empty});
  if (file.size() > limits::photo_file_bytes_max)
    return std::unexpected(file_too_large(file.size()));
  const Format format = detect(file);
  if (format == Format::unknown) return std::unexpected(Fault{Code::photo_format_unknown});
  if (format != Format::jpeg && format != Format::png)
    return std::unexpected(unsupported(to_string(format)));
  Found<Walked> walked = format == Format::jpeg ? walk_jpeg(file, proof) : walk_png(file, proof);
  if (!walked) return walked;
  walked->info.format = format;
  walked->info.bytes = file.size();
  const bool is_held_whole = proof != Proof::head && !walked->strips;
  if (is_held_whole && walked->decoder_bytes > decoder_bytes_max) {
    return std::unexpected(too_complex("decoder_bytes", walked->decoder_bytes, decoder_bytes_max));
  }
  return walked;
}

Outcome<Info> probe(Bytes file) {
  const Found<Walked> walked = walk(file, Proof::structure);
  if (!walked) return std::unexpected(to_issue(walked.error()));
  return walked->info;
}

}  // namespace sfluv::photo
