// SPDX-License-Identifier: MIT
#include "photo_inflate.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

namespace sfluv::photo {
namespace {

constexpr std::string_view bad_data = "png_data";

/// Where bytes go as they are.
class Kept {
 public:
  explicit Kept(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// False when they are more than there should be.
  bool take(Bytes bytes) {
    if (bytes.size() > bytes_max_ - kept.size()) return false;
    kept.insert(kept.end(), bytes.data(), bytes.data() + bytes.size());
    return true;
  }

  [[nodiscard]] bool complete() const { return true; }

  std::vector<std::uint8_t> kept;

 private:
  std::size_t bytes_max_;
};

/// The rows of a PNG as a stream of bytes: the filter byte first, then the samples; seven smaller
/// pictures one after the other when interlaced (PNG §8.2). Kept where `out` is given.
class Rows {
 public:
  explicit Rows(const PngHeader& header, std::uint8_t* out = nullptr) : out_(out) {
    constexpr std::array<std::array<std::uint32_t, 4>, 7> adam7 = {{{0, 0, 8, 8},
                                                                    {4, 0, 8, 8},
                                                                    {0, 4, 4, 8},
                                                                    {2, 0, 4, 4},
                                                                    {0, 2, 2, 4},
                                                                    {1, 0, 2, 2},
                                                                    {0, 1, 1, 2}}};
    const std::size_t passes = header.interlaced ? adam7.size() : 1;
    for (std::size_t i = 0; i < passes; ++i) {
      const auto [x, y, step_x, step_y] =
          header.interlaced ? adam7[i] : std::array<std::uint32_t, 4>{0, 0, 1, 1};
      const std::uint32_t width =
          (header.width_px - std::min(x, header.width_px) + step_x - 1) / step_x;
      const std::uint32_t height =
          (header.height_px - std::min(y, header.height_px) + step_y - 1) / step_y;
      if (width == 0 || height == 0) continue;
      const std::uint64_t bits = std::uint64_t{width} * header.channels() * header.depth;
      passes_.push_back({.row_bytes = 1 + (bits + 7) / 8, .rows = height});
    }
  }

  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const Pass& pass : passes_) sum += pass.row_bytes * pass.rows;
    return sum;
  }

  /// False when a row names a filter that does not exist (PNG §9.2), or the rows are over.
  bool take(Bytes bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (pass_ == passes_.size()) return false;
      const Pass& pass = passes_[pass_];
      if (in_row_ == 0 && bytes[at] > 4) return false;
      const std::uint64_t taken =
          std::min<std::uint64_t>(pass.row_bytes - in_row_, bytes.size() - at);
      at += static_cast<std::size_t>(taken);
      in_row_ += taken;
      if (in_row_ < pass.row_bytes) continue;
      in_row_ = 0;
      if (++row_ == pass.rows) {
        row_ = 0;
        ++pass_;
      }
    }
    if (out_ != nullptr) out_ = std::ranges::copy(bytes, out_).out;
    return true;
  }

  [[nodiscard]] bool complete() const { return pass_ == passes_.size(); }

 private:
  struct Pass {
    std::uint64_t row_bytes;
    std::uint32_t rows;
  };
  std::uint8_t* out_;
  std::vector<Pass> passes_;
  std::size_t pass_ = 0;
  std::uint64_t in_row_ = 0;
  std::uint32_t row_ = 0;
};

/// One inflate serves both: as a template it would be in the module twice.
using Sink = std::variant<Kept, Rows>;

/// The data of consecutive IDAT chunks as one stream, or bytes that lie together.
class Reader {
 public:
  Reader(Bytes file, const PngData& data) : file_(file), next_chunk_(data.begin), end_(data.end) {}
  explicit Reader(Bytes bytes) : file_(bytes), left_(bytes.size()) {}

  /// The next bytes, at most `count`; empty at the end.
  [[nodiscard]] Bytes next(std::size_t count) {
    while (left_ == 0 && next_chunk_ < end_) {
      left_ = big_endian_32(file_, next_chunk_);
      at_ = next_chunk_ + 8;
      next_chunk_ += png_chunk_overhead_bytes + left_;
    }
    const Bytes part = file_.subspan(at_, std::min(count, left_));
    at_ += part.size();
    left_ -= part.size();
    return part;
  }
  [[nodiscard]] std::size_t byte() const { return at_; }

 private:
  Bytes file_;
  std::size_t next_chunk_ = 0;
  std::size_t end_ = 0;
  std::size_t at_ = 0;
  std::size_t left_ = 0;  ///< of the current chunk
};

/// RFC 1951 bits, least significant first, across chunks.
class Bits {
 public:
  explicit Bits(const Reader& reader) : reader_(reader) {}

  [[nodiscard]] std::uint32_t peek(int count) {
    while (held_ < count) add_byte();
    return static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
  }
  void skip(int count) {
    bits_ >>= count;
    held_ -= count;
  }
  std::uint32_t take(int count) {
    const std::uint32_t value = peek(count);
    skip(count);
    return value;
  }
  void to_byte() { skip(held_ % 8); }
  [[nodiscard]] bool overrun() const { return padding_ > held_; }
  [[nodiscard]] std::size_t byte() const { return reader_.byte(); }

 private:
  void add_byte() {
    if (at_ == part_.size()) {
      part_ = reader_.next(4096);
      at_ = 0;
    }
    if (at_ < part_.size()) {
      bits_ |= static_cast<std::uint64_t>(part_[at_++]) << held_;
    } else {
      padding_ += 8;
    }
    held_ += 8;
  }

  Reader reader_;
  Bytes part_;
  std::size_t at_ = 0;
  std::uint64_t bits_ = 0;
  int held_ = 0;
  int padding_ = 0;
};

/// Canonical codes (RFC 1951 §3.2.2) in one table of 15 bits: length << 9 | symbol.
class Codes {
 public:
  static constexpr int bits_max = 15;

  /// False for a set that is oversubscribed, or incomplete with more than one code.
  bool build(std::span<const std::uint8_t> lengths) {
    std::array<std::uint32_t, 17> next{};
    std::array<std::uint32_t, 16> count{};
    for (const std::uint8_t length : lengths) ++count[length];
    count[0] = 0;
    std::uint32_t code = 0;
    std::uint32_t used = 0;
    std::uint32_t codes = 0;
    for (std::uint32_t length = 1; length <= bits_max; ++length) {
      code = (code + count[length - 1]) << 1;
      next[length] = code;
      used += count[length] << (bits_max - length);
      codes += count[length];
    }
    if (used > 1u << bits_max || (used < 1u << bits_max && codes > 1)) return false;
    table_.assign(std::size_t{1} << bits_max, 0);
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      const std::uint32_t length = lengths[symbol];
      if (length == 0) continue;
      const auto entry = static_cast<std::uint16_t>(length << 9 | symbol);
      for (std::size_t at = reversed(next[length]++, length); at < table_.size();
           at += std::size_t{1} << length) {
        table_[at] = entry;
      }
    }
    return true;
  }

  /// The next symbol, or -1.
  [[nodiscard]] int read(Bits& bits) const {
    const std::uint16_t entry = table_[bits.peek(bits_max)];
    if (entry == 0) return -1;
    bits.skip(entry >> 9);
    return entry & 511;
  }

 private:
  static std::uint32_t reversed(std::uint32_t code, std::uint32_t length) {
    std::uint32_t result = 0;
    for (; length > 0; --length, code >>= 1) result = result << 1 | (code & 1);
    return result;
  }

  std::vector<std::uint16_t> table_;
};

class Inflate {
 public:
  Inflate(const Reader& from, Sink& to) : bits_(from), sink_(to) {}

  Failure run() {
    const std::uint32_t method = bits_.take(8);
    const std::uint32_t flags = bits_.take(8);
    const bool legal = (method & 15) == 8 && (method >> 4) <= 7 &&
                       (method << 8 | flags) % 31 == 0 && (flags & 32) == 0;
    if (!legal) return failure();
    for (bool last = false; !last;) {
      last = bits_.take(1) == 1;
      const std::uint32_t kind = bits_.take(2);
      const bool good = kind == 0 ? stored() : kind != 3 && prepare_codes(kind) && compressed();
      if (!good || bits_.overrun()) return failure();
    }
    if (!flush() || !complete()) return failure();
    bits_.to_byte();
    std::uint32_t sum = 0;
    for (int i = 0; i < 4; ++i) sum = sum << 8 | bits_.take(8);
    if (bits_.overrun()) return truncated_at(bits_.byte());
    return sum == (adler_high_ << 16 | adler_low_)
               ? std::nullopt
               : Failure(damaged_at("png_checksum", bits_.byte()));
  }

 private:
  Fault failure() const {
    return bits_.overrun() ? truncated_at(bits_.byte()) : damaged_at(bad_data, bits_.byte());
  }

  bool put(std::uint8_t byte) {
    window_[filled_++] = byte;
    return filled_ < window_.size() || flush();
  }

  bool take(Bytes bytes) {
    return std::visit([&](auto& sink) { return sink.take(bytes); }, sink_);
  }
  [[nodiscard]] bool complete() const {
    return std::visit([](const auto& sink) { return sink.complete(); }, sink_);
  }

  /// Hands the window over; the bytes stay, as the past of what follows.
  bool flush() {
    const Bytes fresh = Bytes(window_).first(filled_);
    // Adler-32 (RFC 1950 §9); 5552 is the most bytes whose sums fit 32 bits.
    for (std::size_t at = 0; at < fresh.size();) {
      const std::size_t end = std::min(at + 5552, fresh.size());
      for (; at < end; ++at) {
        adler_low_ += fresh[at];
        adler_high_ += adler_low_;
      }
      adler_low_ %= 65521;
      adler_high_ %= 65521;
    }
    if (filled_ == window_.size()) wrapped_ = true;
    if (!take(fresh)) return false;
    if (filled_ == window_.size()) filled_ = 0;
    return true;
  }

  bool stored() {
    bits_.to_byte();
    const std::uint32_t length = bits_.take(16);
    if ((bits_.take(16) ^ 0xFFFF) != length) return false;
    for (std::uint32_t i = 0; i < length; ++i) {
      if (!put(static_cast<std::uint8_t>(bits_.take(8))) || bits_.overrun()) return false;
    }
    return true;
  }

  bool prepare_codes(std::uint32_t kind) {
    std::array<std::uint8_t, 320> lengths{};
    if (kind == 1) {
      std::fill_n(lengths.begin(), 144, std::uint8_t{8});
      std::fill_n(lengths.begin() + 144, 112, std::uint8_t{9});
      std::fill_n(lengths.begin() + 256, 24, std::uint8_t{7});
      std::fill_n(lengths.begin() + 280, 8, std::uint8_t{8});
      std::array<std::uint8_t, 32> distances{};
      distances.fill(5);
      return literals_.build(std::span(lengths).first(288)) && distances_.build(distances);
    }
    const std::uint32_t literals = bits_.take(5) + 257;
    const std::uint32_t distances = bits_.take(5) + 1;
    const std::uint32_t meta = bits_.take(4) + 4;
    if (literals > 286 || distances > 30) return false;
    if (!read_lengths(std::span(lengths).first(literals + distances), meta)) return false;
    return lengths[256] != 0 && literals_.build(std::span(lengths).first(literals)) &&
           distances_.build(std::span(lengths).subspan(literals, distances));
  }

  bool read_lengths(std::span<std::uint8_t> lengths, std::uint32_t meta) {
    constexpr std::array<std::uint8_t, 19> order = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    std::array<std::uint8_t, 19> meta_lengths{};
    for (std::uint32_t i = 0; i < meta; ++i)
      meta_lengths[order[i]] = static_cast<std::uint8_t>(bits_.take(3));
    Codes codes;
    if (!codes.build(meta_lengths)) return false;
    for (std::size_t at = 0; at < lengths.size();) {
      const int symbol = codes.read(bits_);
      if (symbol < 0 || (symbol == 16 && at == 0) || bits_.overrun()) return false;
      if (symbol < 16) {
        lengths[at++] = static_cast<std::uint8_t>(symbol);
        continue;
      }
      const std::size_t repeat = symbol == 16   ? 3 + bits_.take(2)
                                 : symbol == 17 ? 3 + bits_.take(3)
                                                : 11 + bits_.take(7);
      if (repeat > lengths.size() - at) return false;
      const std::uint8_t value = symbol == 16 ? lengths[at - 1] : std::uint8_t{0};
      std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(at), repeat, value);
      at += repeat;
    }
    return true;
  }

  bool compressed() {
    for (;;) {
      const int symbol = literals_.read(bits_);
      if (symbol < 0 || bits_.overrun()) return false;
      if (symbol == 256) return true;
      if (symbol < 256) {
        if (!put(static_cast<std::uint8_t>(symbol))) return false;
      } else if (!copy(static_cast<std::size_t>(symbol) - 257)) {
        return false;
      }
    }
  }

  /// RFC 1951 §3.2.5.
  bool copy(std::size_t length_code) {
    constexpr std::array<std::uint16_t, 29> length_base = {
        3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
        31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::array<std::uint8_t, 29> length_extra = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    if (length_code >= length_base.size()) return false;
    const std::size_t length = length_base[length_code] + bits_.take(length_extra[length_code]);
    const int code = distances_.read(bits_);
    if (code < 0 || code > 29) return false;
    const int extra = code < 4 ? 0 : code / 2 - 1;
    const std::size_t base =
        code < 4
            ? static_cast<std::size_t>(code) + 1
            : (std::size_t{2} + static_cast<std::size_t>(code & 1)) * (std::size_t{1} << extra) + 1;
    const std::size_t distance = base + bits_.take(extra);
    if (distance > (wrapped_ ? window_.size() : filled_)) return false;
    for (std::size_t i = 0; i < length; ++i) {
      if (!put(window_[(filled_ + window_.size() - distance) % window_.size()])) return false;
    }
    return true;
  }

  Bits bits_;
  Sink& sink_;
  Codes literals_;
  Codes distances_;
  std::vector<std::uint8_t> window_ = std::vector<std::uint8_t>(32768);
  std::size_t filled_ = 0;
  bool wrapped_ = false;
  std::uint32_t adler_low_ = 1;
  std::uint32_t adler_high_ = 0;
};

}  // namespace

std::uint64_t PngHeader::raw_bytes() const { return Rows(*this).bytes(); }

Failure check_png_data(Bytes file, const PngHeader& header, const PngData& data) {
  Sink rows = Rows(header);
  return Inflate(Reader(file, data), rows).run();
}

void inflate_png_rows(Bytes file, const PngHeader& header, const PngData& data, std::uint8_t* out) {
  Sink rows = Rows(header, out);
  (void)Inflate(Reader(file, data), rows).run();
}

std::vector<std::uint8_t> inflate(Bytes zlib, std::size_t bytes_max) {
  Sink sink = Kept(bytes_max);
  if (Inflate(Reader(zlib), sink).run()) return {};
  return std::move(std::get_if<Kept>(&sink)->kept);
}

}  // namespace sfluv::photo
