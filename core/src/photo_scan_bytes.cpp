// SPDX-License-Identifier: MIT
#include "photo_scan_bytes.h"

#include <algorithm>
#include <bit>

#include "photo_simd.h"

namespace sfluv::photo {
namespace {

constexpr std::size_t run_bytes_max = run_units * unit_blocks_max * block_bytes_max;
constexpr std::size_t vector_bytes = sizeof(I8x16);
/// A run, the window and the one behind it, and the 16 bytes that are stored where fewer are kept.
constexpr std::size_t guard_bytes = run_bytes_max + 2 * sizeof(std::uint64_t) + vector_bytes;
constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
static_assert(buffer_bytes > guard_bytes + 2 * run_bytes_max);

bool is_padding(std::uint8_t byte) { return byte == 0 || byte == 0xFF; }

}  // namespace

ScanBytes::ScanBytes(Bytes file, std::size_t begin) : file_(file), buffer_(buffer_bytes) {
  restart(begin);
}

void ScanBytes::restart(std::size_t begin) {
  at_ = begin;
  ended_ = false;
  low_ = buffer_.data() + buffer_bytes;
  window = {.next = low_ - sizeof window.bits};
  fill();
}

void ScanBytes::fill() {
  const std::int64_t unread = bits_left();
  if (ended_ || unread < 0 || unread >= std::int64_t{8 * run_bytes_max}) return;
  const auto bytes = static_cast<std::size_t>(unread + 7) / 8;
  std::uint8_t* const end = buffer_.data() + buffer_bytes;
  std::memmove(end - bytes, low_, bytes);
  low_ = end - bytes;
  unstuff();
  window = {.next = end - sizeof window.bits};
  window.refill();
  window.skip(8 * bytes - static_cast<std::uint64_t>(unread));
}

// 16 bytes at a time up to the next FF, which is followed by a stuffed 00 or begins a marker.
void ScanBytes::unstuff() {
  const std::uint8_t* const floor = buffer_.data() + guard_bytes;
  while (low_ > floor && file_.size() - at_ > vector_bytes) {
    const auto bytes = load<I8x16>(&file_[at_]);
    const std::uint32_t marks = mask_equal(bytes, -1);
    store(low_ - vector_bytes, reversed(bytes));
    if (marks == 0) {
      low_ -= vector_bytes;
      at_ += vector_bytes;
      continue;
    }
    const auto before = static_cast<std::size_t>(std::countr_zero(marks));
    ended_ = file_[at_ + before + 1] != 0;
    low_ -= ended_ ? before : before + 1;
    at_ += ended_ ? before : before + 2;
    if (ended_) return;
  }
  if (low_ > floor) unstuff_last();
}

void ScanBytes::unstuff_last() {
  while (at_ < file_.size()) {
    const std::uint8_t byte = file_[at_];
    const bool stuffed = byte == 0xFF && at_ + 1 < file_.size() && file_[at_ + 1] == 0;
    if (byte == 0xFF && !stuffed) break;
    *--low_ = byte;
    at_ += stuffed ? 2 : 1;
  }
  ended_ = true;
}

bool ScanBytes::only_padding_left() {
  for (;;) {
    const std::int64_t unread = bits_left();
    if (!std::all_of(low_, low_ + unread / 8, is_padding)) return false;
    if (ended_) return true;
    window = {.next = low_ - sizeof window.bits};
    fill();
  }
}

std::size_t ScanBytes::byte() const {
  const std::int64_t unread = std::max<std::int64_t>(0, bits_left() / 8);
  return at_ - static_cast<std::size_t>(unread + std::count(low_, low_ + unread, 0xFF));
}

}  // namespace sfluv::photo
