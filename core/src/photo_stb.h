// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "photo_container.h"
#include "photo_picture.h"

/// stb_image behind a fence: it sees only files that were proven whole, gets zero-filled memory
/// under a budget, and everything it held is wiped and given back with the picture.
namespace sfluv::photo {

class Arena {
 public:
  /// `fill` is for the test that no byte of unwritten memory reaches a picture.
  explicit Arena(std::uint64_t bytes_max, std::uint8_t fill = 0)
      : bytes_max_(bytes_max), fill_(fill) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  [[nodiscard]] void* allocate(std::size_t bytes);
  [[nodiscard]] void* grow(void* block, std::size_t bytes);
  void release(void* block);

  [[nodiscard]] std::uint64_t bytes_peak() const { return bytes_peak_; }
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  struct Header;

  Header* newest_ = nullptr;
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::uint64_t bytes_peak_ = 0;
  std::uint8_t fill_;
  bool exhausted_ = false;
};

/// The picture lives in the arena (and a PNG's not in the file). `walked` is the proof of `file`.
[[nodiscard]] Found<Picture> decode(Bytes file, const Walked& walked, Arena& arena);

}  // namespace sfluv::photo
