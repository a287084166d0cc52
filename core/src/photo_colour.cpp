// SPDX-License-Identifier: MIT
#include "photo_colour.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "photo_container.h"

namespace sfluv::photo {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t header_bytes = 128;
constexpr std::size_t entry_bytes = 12;
constexpr std::size_t tags_max = 100;

/// A tag's data, from its type signature on (ICC.1:2022 §7.3).
std::optional<Bytes> find_tag(Bytes icc, std::string_view name) {
  if (icc.size() < header_bytes + 4) return std::nullopt;
  const std::size_t count = std::min<std::size_t>(big_endian_32(icc, header_bytes), tags_max);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = header_bytes + 4 + i * entry_bytes;
    if (at + entry_bytes > icc.size()) break;
    if (!std::equal(name.begin(), name.end(), icc.begin() + static_cast<std::ptrdiff_t>(at)))
      continue;
    const std::size_t offset = big_endian_32(icc, at + 4);
    const std::size_t bytes = big_endian_32(icc, at + 8);
    if (offset > icc.size() || bytes > icc.size() - offset || bytes < 8) return std::nullopt;
    return icc.subspan(offset, bytes);
  }
  return std::nullopt;
}

/// X, Y, Z of red, green and blue in 1/65536, adapted to D50 as profiles have them.
using Primaries = std::array<std::int32_t, 9>;
constexpr Primaries srgb = {28578, 14581, 912, 25241, 46981, 6362, 9376, 3972, 46799};
constexpr Primaries display_p3 = {33759, 15807, -69, 19135, 45367, 2745, 10296, 4363, 51385};

std::optional<Primaries> read_primaries(Bytes icc) {
  Primaries primaries{};
  std::size_t i = 0;
  for (const std::string_view name : {"rXYZ"sv, "gXYZ"sv, "bXYZ"sv}) {
    const auto tag = find_tag(icc, name);
    if (!tag || tag->size() < 20) return std::nullopt;
    for (std::size_t k = 0; k < 3; ++k)
      primaries[i++] = static_cast<std::int32_t>(big_endian_32(*tag, 8 + 4 * k));
  }
  return primaries;
}

bool is_near(const Primaries& a, const Primaries& b) {
  constexpr std::int32_t tolerance = 200;  // writers round their own way
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(std::int64_t{a[i]} - b[i]) > tolerance) return false;
  }
  return true;
}

/// The curve of sRGB is parametric with an exponent of 2.4 (in 1/65536), or a table; a single
/// exponent is another curve.
bool has_srgb_curve(Bytes icc) {
  const auto tag = find_tag(icc, "rTRC");
  if (!tag || tag->size() < 16) return false;
  if (std::equal(tag->begin(), tag->begin() + 4, "curv")) return big_endian_32(*tag, 8) > 1;
  const std::uint32_t exponent = big_endian_32(*tag, 12);
  return big_endian_16(*tag, 8) >= 3 && exponent > 150'733 && exponent < 163'840;
}

/// The description: "desc" of version 2, or the first text of "mluc" of version 4.
std::string read_name(Bytes icc) {
  const auto tag = find_tag(icc, "desc");
  if (!tag || tag->size() < 28) return {};
  const bool is_wide = std::equal(tag->begin(), tag->begin() + 4, "mluc");
  std::size_t at = is_wide ? big_endian_32(*tag, 24) : 12;
  const std::size_t bytes = is_wide ? big_endian_32(*tag, 20) : big_endian_32(*tag, 8);
  if (at > tag->size()) return {};
  const std::size_t end = at + std::min(bytes, tag->size() - at);
  std::string name;
  for (at += is_wide ? 1 : 0; at < end && name.size() < 64; at += is_wide ? 2 : 1) {
    const auto letter = static_cast<char>((*tag)[at]);
    if (letter == 0) break;
    name += letter >= 0x20 && letter < 0x7F ? letter : '?';
  }
  return name;
}

/// Light of each of the 256 values of sRGB and of Display P3, in 1/65535.
constexpr std::array<std::uint16_t, 256> lights = {
    0,     20,    40,    60,    80,    99,    119,   139,   159,   179,   199,   219,   241,
    264,   288,   313,   340,   367,   396,   427,   458,   491,   526,   562,   599,   637,
    677,   718,   761,   805,   851,   898,   947,   997,   1048,  1101,  1156,  1212,  1270,
    1330,  1391,  1453,  1517,  1583,  1651,  1720,  1790,  1863,  1937,  2013,  2090,  2170,
    2250,  2333,  2418,  2504,  2592,  2681,  2773,  2866,  2961,  3058,  3157,  3258,  3360,
    3464,  3570,  3678,  3788,  3900,  4014,  4129,  4247,  4366,  4488,  4611,  4736,  4864,
    4993,  5124,  5257,  5392,  5530,  5669,  5810,  5953,  6099,  6246,  6395,  6547,  6700,
    6856,  7014,  7174,  7335,  7500,  7666,  7834,  8004,  8177,  8352,  8528,  8708,  8889,
    9072,  9258,  9445,  9635,  9828,  10022, 10219, 10417, 10619, 10822, 11028, 11235, 11446,
    11658, 11873, 12090, 12309, 12530, 12754, 12980, 13209, 13440, 13673, 13909, 14146, 14387,
    14629, 14874, 15122, 15371, 15623, 15878, 16135, 16394, 16656, 16920, 17187, 17456, 17727,
    18001, 18277, 18556, 18837, 19121, 19407, 19696, 19987, 20281, 20577, 20876, 21177, 21481,
    21787, 22096, 22407, 22721, 23038, 23357, 23678, 24002, 24329, 24658, 24990, 25325, 25662,
    26001, 26344, 26688, 27036, 27386, 27739, 28094, 28452, 28813, 29176, 29542, 29911, 30282,
    30656, 31033, 31412, 31794, 32179, 32567, 32957, 33350, 33745, 34143, 34544, 34948, 35355,
    35764, 36176, 36591, 37008, 37429, 37852, 38278, 38706, 39138, 39572, 40009, 40449, 40891,
    41337, 41785, 42236, 42690, 43147, 43606, 44069, 44534, 45002, 45473, 45947, 46423, 46903,
    47385, 47871, 48359, 48850, 49344, 49841, 50341, 50844, 51349, 51858, 52369, 52884, 53401,
    53921, 54445, 54971, 55500, 56032, 56567, 57105, 57646, 58190, 58737, 59287, 59840, 60396,
    60955, 61517, 62082, 62650, 63221, 63795, 64372, 64952, 65535,
};

/// Values are in 1/16, light in 1/65535.
constexpr std::int32_t value_max = 255 * 16;
constexpr std::int32_t light_max = 65535;

std::int32_t light_of(std::int32_t value) {
  const auto at = static_cast<std::size_t>(value >> 4);
  const std::int32_t next = lights[std::min<std::size_t>(at + 1, 255)];
  return lights[at] + (((next - lights[at]) * (value & 15)) >> 4);
}

/// The way back: values for light in steps of 16, between which they are interpolated.
class Values {
 public:
  Values() {
    std::int32_t value = 0;
    for (std::size_t i = 0; i < table_.size(); ++i) {
      while (value < value_max && light_of(value + 1) <= static_cast<std::int32_t>(i * 16)) ++value;
      table_[i] = static_cast<std::uint16_t>(value);
    }
  }
  [[nodiscard]] std::int32_t of(std::int32_t light) const {
    const auto at = static_cast<std::size_t>(light >> 4);
    return table_[at] + (((table_[at + 1] - table_[at]) * (light & 15)) >> 4);
  }

 private:
  std::array<std::uint16_t, 4098> table_;
};

struct Change {
  std::int32_t y = 0;
  std::int32_t cb = 0;
  std::int32_t cr = 0;
};

std::int32_t rounded(std::int32_t value, int bits) { return (value + (1 << (bits - 1))) >> bits; }

/// How a colour changes; Y, Cb, Cr as signed samples.
Change change_of(std::int32_t y, std::int32_t cb, std::int32_t cr, const Values& values) {
  // JFIF's matrix and its inverse in 1/1024; P3 to sRGB, each row summing to one, in 1/4096.
  const auto clamped = [](std::int32_t value) { return std::clamp(value, 0, value_max); };
  const std::int32_t y16 = (y + 128) * 16;
  const std::int32_t r = clamped(y16 + rounded(1436 * 16 * cr, 10));
  const std::int32_t g = clamped(y16 - rounded(352 * 16 * cb + 731 * 16 * cr, 10));
  const std::int32_t b = clamped(y16 + rounded(1815 * 16 * cb, 10));
  const std::int32_t lr = light_of(r), lg = light_of(g), lb = light_of(b);
  const auto back = [&](std::int32_t light) {
    return values.of(std::clamp(light >> 12, 0, light_max));
  };
  const std::int32_t dr = back(5017 * lr - 921 * lg) - back(4096 * lr);
  const std::int32_t dg = back(4268 * lg - 172 * lr) - back(4096 * lg);
  const std::int32_t db = back(4498 * lb - 80 * lr - 322 * lg) - back(4096 * lb);
  const std::int32_t dy = rounded(306 * dr + 601 * dg + 117 * db, 10);
  return {rounded(dy, 4), rounded((db - dy) * 578, 14), rounded((dr - dy) * 730, 14)};
}

Sample saturated(std::int32_t value) { return static_cast<Sample>(std::clamp(value, -128, 127)); }

}  // namespace

Profile read_profile(Bytes icc) {
  Profile profile{.name = read_name(icc)};
  const auto primaries = read_primaries(icc);
  if (!primaries || !has_srgb_curve(icc)) return profile;
  if (is_near(*primaries, srgb)) profile.space = ColourSpace::srgb;
  if (is_near(*primaries, display_p3)) profile.space = ColourSpace::display_p3;
  return profile;
}

void display_p3_to_srgb(Yuv420& picture) {
  const auto values = std::make_unique<Values>();
  for (std::uint32_t y = 0; y < picture.rows(1); ++y) {
    Sample* const cb = picture.plane[1].row(y);
    Sample* const cr = picture.plane[2].row(y);
    Sample* const top = picture.plane[0].row(2 * y);
    Sample* const bottom = picture.plane[0].row(2 * y + 1);
    for (std::uint32_t x = 0; x < picture.columns(1); ++x) {
      // The change is at most a quarter of the colour: of a greyer one nothing is left of it.
      if (std::abs(cb[x]) < 2 && std::abs(cr[x]) < 2) continue;
      Sample* const four[] = {top + 2 * x, top + 2 * x + 1, bottom + 2 * x, bottom + 2 * x + 1};
      const std::int32_t sum = *four[0] + *four[1] + *four[2] + *four[3];
      const Change change = change_of(rounded(sum, 2), cb[x], cr[x], *values);
      for (Sample* const sample : four) *sample = saturated(*sample + change.y);
      cb[x] = saturated(cb[x] + change.cb);
      cr[x] = saturated(cr[x] + change.cr);
    }
  }
}

}  // namespace sfluv::photo
