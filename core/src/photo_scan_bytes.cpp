// SPDX-License-Identifier: MIT
#include "photo_scan_bytes.h"

#include <algorithm>
#include <bit>

#include "simd.h"

namespace sfluv::photo {
namespace {

using namespace simd;

constexpr std::size_t run_bytes_max = run_units * unit_blocks_max * block_bytes_max;
constexpr std::size_t vector_bytes = sizeof(I8x16);
/// A run, the window and the one behind it, and the 16 bytes that are stored where fewer are kept.
constexpr std::size_t guard_bytes = run_bytes_max + 2 * sizeof(std::uint64_t) + vector_bytes;
constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
static_assert(buffer_bytes > guard_bytes + 2 * run_bytes_max);

bool is_padding(std::uint8_t byte) { return byte == 0 || byte == 0xFF; }

}  // namespace

ScanBytes::ScanBytes(const Input& input, std::size_t at) : input_(input), buffer_(buffer_bytes) {
  begin(at);
}

void ScanBytes::begin(std::size_t at) {
  at_ = at;
  ended_ = false;
  low_ = buffer_.data() + buffer_bytes;
  window = {.next = low_ - sizeof window.bits};
}

void ScanBytes::pass_marker() { begin(at_ + 2); }

bool ScanBytes::fill() {
  const std::int64_t unread = bits_left();
  if (ended_ || unread >= std::int64_t{8 * run_bytes_max}) return true;
  const auto bytes = static_cast<std::size_t>(unread + 7) / 8;
  std::uint8_t* const end = buffer_.data() + buffer_bytes;
  std::memmove(end - bytes, low_, bytes);
  low_ = end - bytes;
  unstuff();
  window = {.next = end - sizeof window.bits};
  window.refill();
  window.skip(8 * bytes - static_cast<std::uint64_t>(unread));
  return ended_ || bits_left() >= std::int64_t{8 * run_bytes_max};
}

void ScanBytes::unstuff() {
  const std::uint8_t* const floor = buffer_.data() + guard_bytes;
  bool goes_on = true;
  while (goes_on && low_ > floor)
    goes_on = input_.end() - at_ > vector_bytes ? unstuff_vector() : unstuff_byte();
}

// 16 bytes up to the next FF, which is followed by a stuffed 00, by another FF that fills up, or is
// the first half of a marker.
bool ScanBytes::unstuff_vector() {
  const auto bytes = load<I8x16>(input_.from(at_));
  const std::uint32_t marks = mask_equal(bytes, -1);
  store(low_ - vector_bytes, reversed(bytes));
  if (marks == 0) {
    low_ -= vector_bytes;
    at_ += vector_bytes;
    return true;
  }
  const auto before = static_cast<std::size_t>(std::countr_zero(marks));
  low_ -= before;
  at_ += before;
  return unstuff_byte();
}

bool ScanBytes::unstuff_byte() {
  const std::size_t left = input_.end() - at_;
  const bool is_mark = left > 0 && input_[at_] == 0xFF;
  if (left == 0 || (is_mark && left == 1)) {
    ended_ = input_.whole;
    marker_ = 0;
    return false;
  }
  const std::uint8_t next = is_mark ? input_[at_ + 1] : std::uint8_t{0};
  if (is_mark && next != 0 && next != 0xFF) {
    ended_ = true;
    marker_ = next;
    return false;
  }
  if (next == 0) *--low_ = input_[at_];
  at_ += is_mark && next == 0 ? 2 : 1;
  return true;
}

bool ScanBytes::skip_padding() {
  do {
    if (!std::all_of(low_, low_ + bits_left() / 8, is_padding)) return false;
    window = {.next = low_ - sizeof window.bits};
    (void)fill();  // what has not arrived is skipped by another call
  } while (bits_left() >= 8);
  return true;
}

std::size_t ScanBytes::byte() const {
  const std::int64_t unread = std::max<std::int64_t>(0, bits_left() / 8);
  return at_ - static_cast<std::size_t>(unread + std::count(low_, low_ + unread, 0xFF));
}

}  // namespace sfluv::photo
