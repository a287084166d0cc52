// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/outbox.h"

namespace sfluv::outbox {

inline constexpr auto state_count = static_cast<std::uint8_t>(State::staging) + 1;
inline constexpr auto why_count = static_cast<std::uint8_t>(Why::no_staging) + 1;

// Numbers are copied as they lie in memory.
static_assert(std::endian::native == std::endian::little);

/// Little-endian bytes; texts and lists carry their length.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void i64(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8); }
  void boolean(bool value) { u8(value ? 1 : 0); }
  void raw(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void text(std::string_view text) {
    u32(static_cast<std::uint32_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void number(std::uint64_t value, unsigned bytes) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), from, from + bytes);
  }

  std::vector<std::uint8_t> bytes_;
};

/// Never reads past the end: from the first fault on everything is zero and `is_sound` is false.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(number(8)); }
  bool boolean() { return choice<std::uint8_t>(2) != 0; }

  /// One of the first `count` values of an enumeration.
  template <class T>
  T choice(std::uint8_t count) {
    const std::uint8_t value = u8();
    if (value < count) return static_cast<T>(value);
    sound_ = false;
    return T{};
  }

  /// Not before 1970 and not beyond a few hundred thousand years: sums of two do not overflow.
  std::int64_t time() {
    const std::int64_t ms = i64();
    if (ms >= 0 && ms <= std::int64_t{1} << 53) return ms;
    sound_ = false;
    return 0;
  }

  std::string text() {
    const auto bytes = take(u32());
    return {bytes.begin(), bytes.end()};
  }

  /// The length of a list whose elements take at least `bytes_min` bytes each.
  std::uint32_t count(std::size_t bytes_min) {
    const std::uint32_t count = u32();
    if (count <= rest_.size() / bytes_min) return count;
    sound_ = false;
    return 0;
  }

  void raw(std::span<std::uint8_t> out) {
    const auto bytes = take(out.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = bytes[i];
  }

  [[nodiscard]] bool is_sound() const { return sound_; }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  std::span<const std::uint8_t> take(std::size_t bytes) {
    if (!sound_ || bytes > rest_.size()) {
      sound_ = false;
      return {};
    }
    const auto out = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return out;
  }

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    const auto from = take(bytes);
    if (!from.empty()) std::memcpy(&value, from.data(), from.size());
    return value;
  }

  std::span<const std::uint8_t> rest_;
  bool sound_ = true;
};

/// Around everything of ours that is stored, the same in every version to come:
///   0 magic  4 version (2)  6 zero (2)  8 length of the payload (4)  12 CRC-32C (4)  16 payload
/// The checksum covers everything but itself, so that a newer version is believed only when whole.
struct Envelope {
  std::array<std::uint8_t, 4> magic{};
  std::uint16_t version_max = 0;
};

struct Opened {
  std::uint16_t version = 0;
  std::span<const std::uint8_t> payload;
};

[[nodiscard]] std::vector<std::uint8_t> in_envelope(const Envelope& envelope,
                                                    std::span<const std::uint8_t> payload);
/// Errors: record_damaged {what}, record_from_newer_version {version, version_max}.
[[nodiscard]] Outcome<Opened> open_envelope(const Envelope& envelope,
                                            std::span<const std::uint8_t> bytes);

[[nodiscard]] std::unexpected<Issue> damaged(std::string_view what);

}  // namespace sfluv::outbox
