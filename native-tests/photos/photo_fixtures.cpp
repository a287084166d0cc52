// SPDX-License-Identifier: MIT
#include "photos/photo_fixtures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "../../core/src/photo_container.h"
#include "../../core/src/photo_rows.h"
#include "../../core/src/photo_stb.h"

namespace sfluv::test {
namespace {

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0l, 255l));
}

constexpr std::array<int, 64> zigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

using Block = std::array<int, 64>;  // quantised, in zigzag order

void put_16(ByteVector& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_32(ByteVector& out, std::size_t value) {
  put_16(out, value >> 16);
  put_16(out, value & 0xFFFF);
}

void append(ByteVector& out, const ByteVector& more) {
  out.insert(out.end(), more.begin(), more.end());
}

/// One component of a test JPEG: its blocks, as many as whole units need.
struct Component {
  int h = 1;
  int v = 1;
  int blocks_x = 0;  // of whole units
  int blocks_y = 0;
  int used_x = 0;  // that the picture touches
  int used_y = 0;
  std::vector<Block> blocks;
};

double component_value(const Image& image, const JpegSpec& spec, std::size_t c, std::uint32_t x,
                       std::uint32_t y) {
  const double r = image.at(x, y, 0), g = image.at(x, y, 1), b = image.at(x, y, 2);
  if (spec.rgb) return image.at(x, y, static_cast<std::uint32_t>(c));
  if (spec.cmyk) return c == 3 ? 255 : image.at(x, y, static_cast<std::uint32_t>(c));
  if (c == 0) return 0.299 * r + 0.587 * g + 0.114 * b;
  if (c == 1) return 128 - 0.168736 * r - 0.331264 * g + 0.5 * b;
  return 128 + 0.5 * r - 0.418688 * g - 0.081312 * b;
}

/// Row u: the samples of the cosine of frequency (u % 8, u / 8).
std::vector<std::array<double, 64>> make_waves() {
  std::vector<std::array<double, 64>> waves(64);
  for (int u = 0; u < 64; ++u) {
    for (int i = 0; i < 64; ++i) {
      waves[static_cast<std::size_t>(u)][static_cast<std::size_t>(i)] =
          std::cos((2 * (i % 8) + 1) * (u % 8) * std::numbers::pi / 16) *
          std::cos((2 * (i / 8) + 1) * (u / 8) * std::numbers::pi / 16);
    }
  }
  return waves;
}

Block transform(const std::array<double, 64>& samples, int step) {
  static const std::vector<std::array<double, 64>> waves = make_waves();
  Block block{};
  for (int u = 0; u < 64; ++u) {
    double sum = 0;
    for (std::size_t i = 0; i < 64; ++i) sum += samples[i] * waves[static_cast<std::size_t>(u)][i];
    const double scale = (u % 8 == 0 ? std::sqrt(0.5) : 1) * (u / 8 == 0 ? std::sqrt(0.5) : 1) / 4;
    const auto at = std::find(zigzag.begin(), zigzag.end(), u) - zigzag.begin();
    block[static_cast<std::size_t>(at)] = static_cast<int>(std::lround(sum * scale / step));
  }
  return block;
}

Component make_component(const Image& image, const JpegSpec& spec, std::size_t c, int h_max,
                         int v_max) {
  Component component{.h = spec.sampling[c] >> 4, .v = spec.sampling[c] & 15};
  const int width = static_cast<int>(image.width), height = static_cast<int>(image.height);
  const int ratio_x = h_max / component.h, ratio_y = v_max / component.v;
  component.blocks_x = (width + 8 * h_max - 1) / (8 * h_max) * component.h;
  component.blocks_y = (height + 8 * v_max - 1) / (8 * v_max) * component.v;
  component.used_x = ((width * component.h + h_max - 1) / h_max + 7) / 8;
  component.used_y = ((height * component.v + v_max - 1) / v_max + 7) / 8;
  for (int by = 0; by < component.blocks_y; ++by) {
    for (int bx = 0; bx < component.blocks_x; ++bx) {
      std::array<double, 64> samples{};
      for (int i = 0; i < 64; ++i) {
        double sum = 0;
        for (int k = 0; k < ratio_x * ratio_y; ++k) {
          const int x = std::min((bx * 8 + i % 8) * ratio_x + k % ratio_x, width - 1);
          const int y = std::min((by * 8 + i / 8) * ratio_y + k / ratio_x, height - 1);
          sum += component_value(image, spec, c, static_cast<std::uint32_t>(x),
                                 static_cast<std::uint32_t>(y));
        }
        samples[static_cast<std::size_t>(i)] = sum / (ratio_x * ratio_y) - 128;
      }
      component.blocks.push_back(transform(samples, spec.step));
    }
  }
  return component;
}

/// Writes symbols with the plainest of tables: 254 codes of 8 bits in order, two of 9.
class Writer {
 public:
  explicit Writer(ByteVector& out) : out_(out) {}

  void symbol(int value) { value < 254 ? bits(value, 8) : bits(254 * 2 + value - 254, 9); }
  void bits(int value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | (value >> i & 1);
      if (++held_ == 8) flush();
    }
  }
  void value(int number, int size) { bits(number < 0 ? number + (1 << size) - 1 : number, size); }
  void finish() {
    while (held_ > 0) bits(1, 1);
  }

 private:
  void flush() {
    out_.push_back(static_cast<std::uint8_t>(byte_));
    if ((byte_ & 0xFF) == 0xFF) out_.push_back(0);
    byte_ = held_ = 0;
  }
  ByteVector& out_;
  int byte_ = 0;
  int held_ = 0;
};

int size_of(int value) {
  int size = 0;
  for (int rest = std::abs(value); rest > 0; rest >>= 1) ++size;
  return size;
}

struct Scan {
  std::vector<std::size_t> components;
  int first = 0, last = 63, high = 0, low = 0;
};

/// Codes blocks of one scan; `run` counts the empty blocks of a band that are not yet written.
class ScanWriter {
 public:
  ScanWriter(const Scan& scan, Writer& out) : scan_(scan), out_(out) {}

  void restart() {
    end_run();
    before_.fill(0);
  }
  void block(const Block& block, std::size_t index) {
    if (scan_.first == 0) dc(block[0], index);
    if (scan_.last == 0) return;
    scan_.high == 0 ? band(block) : refine(block);
  }
  void end_run() {
    if (run_ == 0) return;
    const int size = size_of(run_) - 1;
    out_.symbol(size << 4);
    out_.bits(run_ & ((1 << size) - 1), size);
    run_ = 0;
  }

 private:
  void dc(int value, std::size_t index) {
    if (scan_.high > 0) return out_.bits(value >> scan_.low & 1, 1);
    const int shown = value >> scan_.low;
    const int difference = shown - before_[index];
    before_[index] = shown;
    out_.symbol(size_of(difference));
    out_.value(difference, size_of(difference));
  }
  void band(const Block& block) {
    int zeros = 0;
    for (int k = std::max(scan_.first, 1); k <= scan_.last; ++k) {
      const int full = block[static_cast<std::size_t>(k)];
      const int value = full < 0 ? -(-full >> scan_.low) : full >> scan_.low;
      if (value == 0) {
        ++zeros;
        continue;
      }
      end_run();
      for (; zeros > 15; zeros -= 16) out_.symbol(0xF0);
      out_.symbol(zeros << 4 | size_of(value));
      out_.value(value, size_of(value));
      zeros = 0;
    }
    if (zeros == 0) return;
    ++run_;
    if (scan_.first == 0 || run_ == 0x7FFF) end_run();
  }
  void refine(const Block& block) {
    const auto size_at = [&](int k) {
      return std::abs(block[static_cast<std::size_t>(k)]) >> scan_.low;
    };
    int last_new = 0;
    for (int k = scan_.first; k <= scan_.last; ++k) last_new = size_at(k) == 1 ? k : last_new;
    int zeros = 0;
    std::vector<int> corrections;
    const auto flush = [&] {
      for (const int bit : corrections) out_.bits(bit, 1);
      corrections.clear();
    };
    for (int k = scan_.first; k <= scan_.last; ++k) {
      const int size = size_at(k);
      if (size == 0) {
        ++zeros;
        continue;
      }
      for (; zeros > 15 && k <= last_new; zeros -= 16) {
        out_.symbol(0xF0);
        flush();
      }
      if (size > 1) {
        corrections.push_back(size & 1);
        continue;
      }
      out_.symbol(zeros << 4 | 1);
      out_.bits(block[static_cast<std::size_t>(k)] > 0 ? 1 : 0, 1);
      flush();
      zeros = 0;
    }
    if (zeros == 0 && corrections.empty()) return;
    out_.symbol(0);
    flush();
  }

  const Scan& scan_;
  Writer& out_;
  std::array<int, 4> before_{};
  int run_ = 0;
};

void write_scan(ByteVector& out, const Scan& scan, const std::vector<Component>& components,
                const JpegSpec& spec, int units_x, int units_y) {
  ByteVector body = {static_cast<std::uint8_t>(scan.components.size())};
  for (const std::size_t c : scan.components) {
    body.push_back(spec.rgb ? static_cast<std::uint8_t>("RGB"[c])
                            : static_cast<std::uint8_t>(c + 1));
    body.push_back(0);
  }
  body.push_back(static_cast<std::uint8_t>(scan.first));
  body.push_back(static_cast<std::uint8_t>(scan.last));
  body.push_back(static_cast<std::uint8_t>(scan.high << 4 | scan.low));
  append(out, segment(0xDA, {reinterpret_cast<const char*>(body.data()), body.size()}));
  Writer writer(out);
  ScanWriter coder(scan, writer);
  const bool alone = scan.components.size() == 1;
  const Component& first = components[scan.components[0]];
  const int across = alone ? first.used_x : units_x;
  const int units = across * (alone ? first.used_y : units_y);
  for (int unit = 0; unit < units; ++unit) {
    if (spec.restart_interval > 0 && unit > 0 && unit % spec.restart_interval == 0) {
      coder.restart();
      writer.finish();
      out.push_back(0xFF);
      out.push_back(static_cast<std::uint8_t>(0xD0 + (unit / spec.restart_interval - 1) % 8));
    }
    for (std::size_t i = 0; i < scan.components.size(); ++i) {
      const Component& component = components[scan.components[i]];
      const int h = alone ? 1 : component.h, v = alone ? 1 : component.v;
      for (int b = 0; b < h * v; ++b) {
        const int x = unit % across * h + b % h, y = unit / across * v + b / h;
        coder.block(component.blocks[static_cast<std::size_t>(y * component.blocks_x + x)], i);
      }
    }
  }
  coder.end_run();
  writer.finish();
}

std::vector<Scan> scans_of(const JpegSpec& spec, std::size_t components) {
  std::vector<std::size_t> all;
  for (std::size_t c = 0; c < components; ++c) all.push_back(c);
  if (!spec.progressive) return {{.components = all}};
  std::vector<Scan> scans = {{.components = all, .last = 0, .low = 1}};
  for (const std::size_t c : all) {
    scans.push_back({.components = {c}, .first = 1, .last = 5});
    // Two refining passes: the second one meets what the first one found.
    scans.push_back({.components = {c}, .first = 6, .last = 63, .low = 2});
    scans.push_back({.components = {c}, .first = 6, .last = 63, .high = 2, .low = 1});
    scans.push_back({.components = {c}, .first = 6, .last = 63, .high = 1});
  }
  scans.push_back({.components = all, .last = 0, .high = 1});
  return scans;
}

std::uint32_t crc32(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t crc = ~0u;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

}  // namespace

Image scene(std::uint32_t width, std::uint32_t height) {
  Image image{.width = width, .height = height};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      const double wave = 30 * std::sin(9 * u + 5 * v * v) + 20 * std::cos(14 * v - 3 * u);
      image.samples.push_back(to_byte(60 + 120 * u + wave));
      image.samples.push_back(to_byte(200 - 130 * v + wave));
      image.samples.push_back(to_byte(90 + 80 * u * v - wave));
    }
  }
  return image;
}

Image noise(std::uint32_t width, std::uint32_t height, std::uint32_t seed) {
  Image image{.width = width, .height = height};
  image.samples.resize(std::size_t{3} * width * height);
  for (std::uint8_t& sample : image.samples) {
    seed = seed * 1664525u + 1013904223u;
    sample = static_cast<std::uint8_t>(seed >> 24);
  }
  return image;
}

Image stored_as(const Image& upright, int orientation) {
  const bool lies = orientation >= 5;
  Image stored{.width = lies ? upright.height : upright.width,
               .height = lies ? upright.width : upright.height,
               .channels = upright.channels};
  const std::uint32_t w = upright.width, h = upright.height;
  for (std::uint32_t y = 0; y < stored.height; ++y) {
    for (std::uint32_t x = 0; x < stored.width; ++x) {
      // EXIF 2.32 §4.6.4: where row 0 and column 0 of the file are to be seen.
      const std::array<std::array<std::uint32_t, 2>, 8> seen = {{{x, y},
                                                                 {w - 1 - x, y},
                                                                 {w - 1 - x, h - 1 - y},
                                                                 {x, h - 1 - y},
                                                                 {y, x},
                                                                 {w - 1 - y, x},
                                                                 {w - 1 - y, h - 1 - x},
                                                                 {y, h - 1 - x}}};
      const auto [ux, uy] = seen[static_cast<std::size_t>(orientation - 1)];
      for (std::uint32_t c = 0; c < upright.channels; ++c)
        stored.samples.push_back(upright.at(ux, uy, c));
    }
  }
  return stored;
}

Image with_alpha(const Image& rgb, std::uint8_t alpha) {
  Image image{.width = rgb.width, .height = rgb.height, .channels = 4};
  for (std::size_t i = 0; i < rgb.samples.size(); i += 3) {
    image.samples.insert(image.samples.end(),
                         {rgb.samples[i], rgb.samples[i + 1], rgb.samples[i + 2], alpha});
  }
  return image;
}

ByteVector segment(std::uint8_t marker, std::string_view body) {
  ByteVector out = {0xFF, marker};
  put_16(out, body.size() + 2);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

ByteVector exif_segment(int orientation, bool big_endian, bool gps) {
  std::string tiff = big_endian ? std::string("MM\0*", 4) : std::string("II*\0", 4);
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      tiff += static_cast<char>(value >> 8 * (big_endian ? bytes - 1 - i : i));
  };
  const auto entry = [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count) {
    put(tag, 2);
    put(type, 2);
    put(count, 4);
  };
  put(8, 4);
  put(gps ? 3 : 2, 2);
  entry(0x010F, 2, 7);  // the maker, as text behind the directory
  put(gps ? 50 : 38, 4);
  entry(0x0112, 3, 1);
  put(static_cast<std::uint32_t>(orientation), 2);
  put(0, 2);
  if (gps) {
    entry(0x8825, 4, 1);
    put(57, 4);
  }
  put(0, 4);
  tiff += std::string("CANARY\0", 7);
  return segment(0xE1, std::string("Exif\0\0", 6) + tiff);
}

ByteVector exif_time_segment(std::string_view taken, std::string_view offset) {
  std::string tiff("MM\0*", 4);
  const auto put = [&](std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) tiff += static_cast<char>(value >> 8 * i);
  };
  const auto entry = [&](std::uint64_t tag, std::uint64_t type, std::size_t count,
                         std::uint64_t value) {
    put(tag, 2), put(type, 2), put(count, 4), put(value, 4);
  };
  put(8, 4);
  put(3, 2);
  entry(0x010F, 2, 7, 110);  // maker
  entry(0x8769, 4, 1, 50);   // EXIF
  entry(0x8825, 4, 1, 104);  // GPS
  put(0, 4);
  put(4, 2);  // at 50: EXIF
  entry(0x9003, 2, taken.size() + 1, 117);
  entry(0x9011, 2, offset.size() + 1, 117 + taken.size() + 1);
  entry(0x9286, 2, 7, 110);  // a comment
  entry(0x927C, 2, 7, 110);  // the maker's note
  put(0, 4);
  put(0, 6);  // at 104: GPS
  tiff += std::string("CANARY\0", 7);
  for (const std::string_view text : {taken, offset}) tiff += std::string(text) + '\0';
  return segment(0xE1, std::string("Exif\0\0", 6) + tiff);
}

ByteVector make_icc(const IccSpec& spec) {
  ByteVector tags, data;
  const std::size_t count = 7;
  const auto put = [](ByteVector& out, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  };
  const auto put_text = [](ByteVector& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
  };
  const auto fixed = [](double value) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536)));
  };
  const auto tag = [&](std::string_view name, std::size_t from) {
    put_text(tags, name);
    put(tags, 132 + count * 12 + from, 4);
    put(tags, data.size() - from, 4);
  };
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t from = data.size();
    put_text(data, "XYZ ");
    put(data, 0, 4);
    for (std::size_t k = 0; k < 3; ++k) put(data, fixed(spec.primaries[3 * i + k]), 4);
    tag(std::array{"rXYZ", "gXYZ", "bXYZ"}[i], from);
  }
  const std::size_t curve = data.size();
  put_text(data, "para");
  const bool is_srgb = spec.exponent == 2.4;
  put(data, 0, 4);
  put(data, is_srgb ? 3u << 16 : 0, 4);
  put(data, fixed(spec.exponent), 4);
  if (is_srgb) {
    for (const double value : {1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045})
      put(data, fixed(value), 4);
  }
  for (const std::string_view name : {"rTRC", "gTRC", "bTRC"}) tag(name, curve);
  const std::size_t from = data.size();
  put_text(data, "mluc");
  for (const std::uint32_t value : {0u, 1u, 12u}) put(data, value, 4);
  put_text(data, "enUS");
  put(data, 2 * spec.name.size(), 4);
  put(data, 28, 4);
  for (const char letter : spec.name) put(data, static_cast<std::uint8_t>(letter), 2);
  tag("desc", from);
  ByteVector icc(128);
  put(icc, count, 4);
  icc.insert(icc.end(), tags.begin(), tags.end());
  icc.insert(icc.end(), data.begin(), data.end());
  return icc;
}

ByteVector icc_segment(const IccSpec& spec) {
  const ByteVector icc = make_icc(spec);
  return segment(0xE2, std::string("ICC_PROFILE\0\1\1", 14) + std::string(icc.begin(), icc.end()));
}

ByteVector make_jpeg(const Image& rgb, const JpegSpec& spec) {
  const std::size_t count = spec.grey ? 1 : spec.cmyk ? 4 : 3;
  int h_max = 1, v_max = 1;
  for (std::size_t c = 0; c < count; ++c) {
    h_max = std::max(h_max, spec.sampling[c] >> 4);
    v_max = std::max(v_max, spec.sampling[c] & 15);
  }
  std::vector<Component> components;
  for (std::size_t c = 0; c < count; ++c)
    components.push_back(make_component(rgb, spec, c, h_max, v_max));
  ByteVector out = {0xFF, 0xD8};
  append(out, spec.segments);
  if (spec.jfif && !spec.cmyk && !spec.rgb)
    append(out, segment(0xE0, std::string_view("JFIF\0\1\1\0\0\1\0\1\0\0", 14)));
  if (spec.cmyk) append(out, segment(0xEE, std::string_view("Adobe\0\144\0\0\0\0\0", 12)));
  std::string body(1, '\0');
  append(out, segment(0xDB, body + std::string(64, static_cast<char>(spec.step))));
  ByteVector frame = {8};
  put_16(frame, rgb.height);
  put_16(frame, rgb.width);
  frame.push_back(static_cast<std::uint8_t>(count));
  for (std::size_t c = 0; c < count; ++c) {
    const auto id =
        spec.rgb ? static_cast<std::uint8_t>("RGB"[c]) : static_cast<std::uint8_t>(c + 1);
    frame.insert(frame.end(), {id, spec.sampling[c], 0});
  }
  append(out, segment(spec.progressive ? 0xC2 : 0xC0,
                      {reinterpret_cast<const char*>(frame.data()), frame.size()}));
  std::string codes(16, '\0');
  codes[7] = static_cast<char>(254);
  codes[8] = 2;
  for (int i = 0; i < 256; ++i) codes += static_cast<char>(i);
  append(out, segment(0xC4, std::string(1, '\0') + codes));
  append(out, segment(0xC4, std::string(1, '\x10') + codes));
  if (spec.restart_interval > 0) {
    const std::array interval{static_cast<char>(spec.restart_interval >> 8),
                              static_cast<char>(spec.restart_interval)};
    append(out, segment(0xDD, {interval.data(), 2}));
  }
  const int units_x = (static_cast<int>(rgb.width) + 8 * h_max - 1) / (8 * h_max);
  const int units_y = (static_cast<int>(rgb.height) + 8 * v_max - 1) / (8 * v_max);
  for (const Scan& scan : scans_of(spec, count))
    write_scan(out, scan, components, spec, units_x, units_y);
  out.insert(out.end(), {0xFF, 0xD9});
  return out;
}

ByteVector png_chunk(std::string_view name, const ByteVector& body) {
  ByteVector out;
  put_32(out, body.size());
  out.insert(out.end(), name.begin(), name.end());
  append(out, body);
  put_32(out, crc32(out.data() + 4, out.size() - 4));
  return out;
}

ByteVector make_png_of_data(std::uint32_t width, std::uint32_t height, const ByteVector& zlib,
                            const PngSpec& spec) {
  ByteVector out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  ByteVector header;
  put_32(header, width);
  put_32(header, height);
  header.insert(header.end(),
                {spec.depth, spec.colour, 0, 0, static_cast<std::uint8_t>(spec.interlaced)});
  append(out, png_chunk("IHDR", header));
  if (!spec.palette.empty()) append(out, png_chunk("PLTE", spec.palette));
  if (!spec.transparency.empty()) append(out, png_chunk("tRNS", spec.transparency));
  for (std::size_t at = 0; at < zlib.size(); at += spec.data_chunk) {
    const auto begin = zlib.begin() + static_cast<std::ptrdiff_t>(at);
    append(out,
           png_chunk("IDAT", ByteVector(begin, begin + static_cast<std::ptrdiff_t>(std::min(
                                                           spec.data_chunk, zlib.size() - at)))));
  }
  append(out, png_chunk("IEND", {}));
  return out;
}

ByteVector make_png(std::uint32_t width, std::uint32_t height, const ByteVector& rows,
                    const PngSpec& spec) {
  return make_png_of_data(width, height, zlib_stored(rows), spec);
}

ByteVector make_png(const Image& image) {
  ByteVector rows;
  const auto at = [&](std::int64_t x, std::int64_t y, std::uint32_t c) -> int {
    if (x < 0 || y < 0) return 0;
    return image.at(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), c);
  };
  for (std::uint32_t y = 0; y < image.height; ++y) {
    const auto filter = static_cast<std::uint8_t>(y % 5);
    rows.push_back(filter);
    for (std::uint32_t i = 0; i < image.width * image.channels; ++i) {
      const std::int64_t x = i / image.channels;
      const std::uint32_t c = i % image.channels;
      const int left = at(x - 1, y, c), up = at(x, std::int64_t{y} - 1, c),
                corner = at(x - 1, std::int64_t{y} - 1, c);
      const int p = left + up - corner;
      const int paeth =
          std::abs(p - left) <= std::abs(p - up) && std::abs(p - left) <= std::abs(p - corner)
              ? left
          : std::abs(p - up) <= std::abs(p - corner) ? up
                                                     : corner;
      const std::array<int, 5> guess = {0, left, up, (left + up) / 2, paeth};
      rows.push_back(static_cast<std::uint8_t>(at(x, y, c) - guess[filter]));
    }
  }
  constexpr std::array<std::uint8_t, 5> colour = {0, 0, 4, 2, 6};
  return make_png(image.width, image.height, rows, {.colour = colour[image.channels]});
}

ByteVector zlib_stored(const ByteVector& bytes) {
  ByteVector out = {0x78, 0x01};
  std::uint32_t low = 1, high = 0;
  for (std::size_t at = 0; at < bytes.size() || at == 0;) {
    const std::size_t count = std::min<std::size_t>(bytes.size() - at, 60'000);
    out.push_back(at + count == bytes.size() ? 1 : 0);
    for (const std::size_t half : {count, ~count & 0xFFFF}) {
      out.push_back(static_cast<std::uint8_t>(half));
      out.push_back(static_cast<std::uint8_t>(half >> 8));
    }
    for (std::size_t i = at; i < at + count; ++i) {
      out.push_back(bytes[i]);
      low = (low + bytes[i]) % 65521;
      high = (high + low) % 65521;
    }
    at += count;
    if (count == 0) break;
  }
  put_32(out, high << 16 | low);
  return out;
}

ByteVector zlib_zeros(std::uint64_t bytes) {
  // One literal zero, then runs of 258 at distance 1, in fixed codes: 285 is 11000101, distance 0
  // is five zero bits, sent from the first bit of the code on.
  ByteVector out = {0x78, 0x01};
  std::uint32_t held = 0;
  int count = 0;
  const auto bit = [&](std::uint32_t value) {
    held |= value << count;
    if (++count == 8) {
      out.push_back(static_cast<std::uint8_t>(held));
      held = 0;
      count = 0;
    }
  };
  const auto code = [&](std::uint32_t value, int length) {
    for (int i = length - 1; i >= 0; --i) bit(value >> i & 1);
  };
  bit(1);
  bit(1);
  bit(0);
  std::uint64_t made = 0;
  for (; made == 0 || (bytes - made) % 258 != 0; ++made) code(0x30, 8);
  for (; made < bytes; made += 258) {
    code(0xC5, 8);
    code(0, 5);
  }
  code(0, 7);
  while (count != 0) bit(0);
  put_32(out, static_cast<std::size_t>(bytes % 65521) << 16 | 1);
  return out;
}

Image decode_rgb(const ByteVector& file, std::uint8_t fill) {
  const auto walked = photo::walk(file, photo::Proof::whole);
  if (!walked) return {};
  photo::Arena arena(walked->decoder_bytes, fill);
  const auto picture = photo::decode(file, *walked, arena);
  if (!picture) return {};
  Image image{.width = picture->width_px, .height = picture->height_px};
  image.samples.resize(std::size_t{3} * image.width * image.height);
  for (std::uint32_t y = 0; y < image.height; ++y) {
    std::array<std::vector<photo::Sample>, 3> rows;
    for (std::size_t c = 0; c < 3; ++c) {
      if (c > 0 && picture->model == photo::Model::grey) break;
      const photo::Plane& plane = photo::ComponentRows::plane_of(*picture, c);
      rows[c].resize(plane.width);
      photo::ComponentRows(*picture, c).copy(y * plane.v / picture->v_max, rows[c].data());
    }
    for (std::uint32_t x = 0; x < image.width; ++x) {
      std::array<double, 3> ycc = {0, 128, 128};
      for (std::size_t c = 0; c < 3; ++c) {
        if (c > 0 && picture->model == photo::Model::grey) break;
        const photo::Plane& plane = photo::ComponentRows::plane_of(*picture, c);
        ycc[c] = rows[c][x * plane.h / picture->h_max] + 128;
      }
      std::uint8_t* out = &image.samples[(std::size_t{y} * image.width + x) * 3];
      out[0] = to_byte(ycc[0] + 1.402 * (ycc[2] - 128));
      out[1] = to_byte(ycc[0] - 0.344136 * (ycc[1] - 128) - 0.714136 * (ycc[2] - 128));
      out[2] = to_byte(ycc[0] + 1.772 * (ycc[1] - 128));
    }
  }
  return image;
}

double psnr(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.samples.size() != b.samples.size() ||
      a.samples.empty())
    return 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.samples.size(); ++i) {
    const double difference = double{1} * a.samples[i] - b.samples[i];
    sum += difference * difference;
  }
  const double mean = sum / static_cast<double>(a.samples.size());
  return mean == 0 ? 99 : 10 * std::log10(255 * 255 / mean);
}

Image box_shrink(const Image& image, std::uint32_t width, std::uint32_t height) {
  Image out{.width = width, .height = height, .channels = image.channels};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double x0 = double{1} * x * image.width / width, x1 = (x + 1.0) * image.width / width;
      const double y0 = double{1} * y * image.height / height,
                   y1 = (y + 1.0) * image.height / height;
      for (std::uint32_t c = 0; c < image.channels; ++c) {
        double sum = 0, area = 0;
        for (auto sy = static_cast<std::uint32_t>(y0); sy < y1 && sy < image.height; ++sy) {
          for (auto sx = static_cast<std::uint32_t>(x0); sx < x1 && sx < image.width; ++sx) {
            const double part = (std::min(x1, sx + 1.0) - std::max(x0, double{1} * sx)) *
                                (std::min(y1, sy + 1.0) - std::max(y0, double{1} * sy));
            sum += part * image.at(sx, sy, c);
            area += part;
          }
        }
        out.samples.push_back(to_byte(sum / area));
      }
    }
  }
  return out;
}

Image cut(const Image& image, std::uint32_t x, std::uint32_t y, std::uint32_t width,
          std::uint32_t height) {
  Image out{.width = width, .height = height, .channels = image.channels};
  for (std::uint32_t row = y; row < y + height; ++row) {
    const auto begin =
        image.samples.begin() +
        static_cast<std::ptrdiff_t>((std::size_t{row} * image.width + x) * image.channels);
    out.samples.insert(out.samples.end(), begin,
                       begin + static_cast<std::ptrdiff_t>(std::size_t{width} * image.channels));
  }
  return out;
}

}  // namespace sfluv::test
