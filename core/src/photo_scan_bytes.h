// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "photo_codes.h"
#include "photo_input.h"

/// The data of a JPEG scan as a fast decoder wants it: without stuffing, and backwards.
///
///     buffer   [ guard | free room | bytes to come, the next one last | bytes read ]
///              0       guard_bytes  low                                            end
///
/// Backwards, a little-endian load of 8 bytes is a window of 64 bits whose first bit is on top: no
/// byte is swapped (WebAssembly cannot), and no FF is looked for where bits are taken. Nothing is
/// checked there either: between two calls of `fill` at most `run_bytes_max` bytes may be read, and
/// below the bytes to come lies a guard that is larger. Whoever read into it finds out afterwards
/// by `overrun`; what it holds are bytes of the same file.
namespace sfluv::photo {

/// A DC value, then 63 codes of 16 bits with values of 10, rounded up.
inline constexpr std::size_t block_bytes_max = 209;
static_assert(block_bytes_max * 8 >= 16 + dc_size_max + 63 * (16 + ac_size_max));
/// Units that are decoded together, and blocks that a unit may have (T.81 §B.2.3).
inline constexpr std::size_t run_units = 8;
inline constexpr std::size_t unit_blocks_max = 10;

/// The next bits, first one on top. `valid` counts them in its low six bits; above those it holds
/// what happens to be there.
struct BitWindow {
  const std::uint8_t* next = nullptr;  ///< 8 bytes, behind (that is: below) those in `bits`
  std::uint64_t bits = 0;
  std::uint64_t valid = 0;

  /// At least 56 bits afterwards. Bits of a byte that was loaded in part are loaded again.
  void refill() {
    std::uint64_t more;
    std::memcpy(&more, next, sizeof more);
    bits |= more >> (valid & 63);
    next -= (~valid & 63) >> 3;
    valid |= 56;
  }
  /// `count` may hold anything above its low six bits.
  void skip(std::uint64_t count) {
    bits <<= count & 63;
    valid -= count;
  }
  /// Gives up to 63 bits back.
  void unskip(std::uint64_t count) {
    const std::uint64_t distance = (valid & 63) + count;  // from the end of what is loaded
    const std::uint64_t bytes = (distance + 7) / 8;
    next = next + bytes;
    bits = 0;
    valid = 0;
    refill();
    skip(bytes * 8 - distance);
  }
};

class ScanBytes {
 public:
  /// Follows `input`, which may get more bytes and lose those before `at`.
  ScanBytes(const Input& input, std::size_t begin);

  BitWindow window;

  /// Brings what a run may read, or all that comes before the next marker. False where neither has
  /// arrived yet.
  [[nodiscard]] bool fill();

  /// Was more read than there is, or will be with `bits` more?
  [[nodiscard]] bool overrun(std::int64_t bits = 0) const { return bits_left() < bits; }
  /// Skips padding, as cameras write it before a marker (zeros or FF). False where there is more.
  [[nodiscard]] bool skip_padding();
  /// Has all before a marker, or the end of the file, been read or skipped?
  [[nodiscard]] bool at_marker() const { return ended_ && bits_left() < 8; }
  /// The marker; 0 for the end of the file.
  [[nodiscard]] std::uint8_t marker() const { return marker_; }
  /// Goes on behind the marker.
  void pass_marker();

  /// Where in the file the window stands.
  [[nodiscard]] std::size_t byte() const;
  /// The first byte of the file that is still needed; of a marker that was reached, its FF.
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  [[nodiscard]] std::int64_t bits_left() const {
    return (window.next + 8 - low_) * 8 + static_cast<std::int64_t>(window.valid & 63);
  }
  void begin(std::size_t at);
  void unstuff();
  [[nodiscard]] bool unstuff_vector();
  [[nodiscard]] bool unstuff_byte();

  const Input& input_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::uint8_t marker_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::uint8_t* low_ = nullptr;  ///< the last byte to come
};

}  // namespace sfluv::photo
