// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "sfluv/photo.h"

namespace sfluv::photo {
namespace {

using std::string_view_literals::operator""sv;

std::string_view text_at(Bytes bytes, std::size_t at, std::size_t count) {
  if (at > bytes.size()) return {};
  const Bytes part = bytes.subspan(at, std::min(count, bytes.size() - at));
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

bool has_at(Bytes bytes, std::size_t at, std::string_view magic) {
  return text_at(bytes, at, magic.size()) == magic;
}

struct Magic {
  std::size_t at;
  std::string_view bytes;
  Format format;
};

constexpr std::array magics = {
    Magic{0, "\xFF\xD8\xFF"sv, Format::jpeg}, Magic{0, "\x89PNG\r\n\x1A\n"sv, Format::png},
    Magic{0, "GIF87a"sv, Format::gif},        Magic{0, "GIF89a"sv, Format::gif},
    Magic{0, "II*\0"sv, Format::tiff},        Magic{0, "MM\0*"sv, Format::tiff},
    Magic{0, "II+\0"sv, Format::tiff},        Magic{0, "MM\0+"sv, Format::tiff},
    Magic{0, "\xFF\x0A"sv, Format::jxl},      Magic{0, "\0\0\0\x0CJXL \r\n\x87\n"sv, Format::jxl},
    Magic{0, "\0\0\1\0"sv, Format::ico},      Magic{0, "8BPS"sv, Format::psd},
    Magic{0, "%PDF-"sv, Format::pdf},         Magic{4, "moov"sv, Format::mp4},
    Magic{4, "mdat"sv, Format::mp4},          Magic{4, "wide"sv, Format::mp4},
};

// ISO/IEC 14496-12 §4.3: the major brand, its version, then compatible brands of four letters.
Format brand_format(Bytes head) {
  const auto one_of = [](std::string_view brand, auto... names) {
    return ((brand == names) || ...);
  };
  const std::size_t box =
      std::size_t{head[0]} << 24 | std::size_t{head[1]} << 16 | std::size_t{head[2]} << 8 | head[3];
  const std::size_t end = std::min({box, head.size(), std::size_t{256}});
  bool heic = false;
  for (std::size_t at = 8; at == 8 || at + 4 <= end; at += at == 8 ? 8 : 4) {
    const std::string_view brand = text_at(head, at, 4);
    if (one_of(brand, "avif", "avis")) return Format::avif;
    heic |= one_of(brand, "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");
  }
  return heic ? Format::heic : Format::mp4;
}

bool is_svg(Bytes head) {
  std::string_view text = text_at(head, 0, 1024);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '<') return false;
  text.remove_prefix(first);
  if (text.starts_with("<svg")) return true;
  const bool prologue = text.starts_with("<?xml") || text.starts_with("<!");
  return prologue && text.find("<svg") != std::string_view::npos;
}

// "BM" alone also begins words; the four reserved bytes are zero in every bitmap.
bool is_bmp(Bytes head) { return has_at(head, 0, "BM"sv) && has_at(head, 6, "\0\0\0\0"sv); }

}  // namespace

std::string_view to_string(Format format) {
  constexpr std::array names = {"unknown"sv, "jpeg"sv, "png"sv,  "gif"sv,  "bmp"sv,
                                "webp"sv,    "heic"sv, "avif"sv, "tiff"sv, "jxl"sv,
                                "ico"sv,     "psd"sv,  "pdf"sv,  "svg"sv,  "mp4"sv};
  return names[static_cast<std::size_t>(format)];
}

Format detect(Bytes file) {
  for (const Magic& magic : magics) {
    if (has_at(file, magic.at, magic.bytes)) return magic.format;
  }
  if (has_at(file, 0, "RIFF"sv) && has_at(file, 8, "WEBP"sv)) return Format::webp;
  if (has_at(file, 4, "ftyp"sv)) return brand_format(file);
  if (is_bmp(file)) return Format::bmp;
  if (is_svg(file)) return Format::svg;
  return Format::unknown;
}

// The image rows of Go's net/http sniffing table, in its order; none of the rows before them can
// match bytes that match one of these.
std::string_view sniff_image_type(Bytes head) {
  if (has_at(head, 0, "\0\0\1\0"sv) || has_at(head, 0, "\0\0\2\0"sv)) return "image/x-icon";
  if (has_at(head, 0, "BM"sv)) return "image/bmp";
  if (has_at(head, 0, "GIF87a"sv) || has_at(head, 0, "GIF89a"sv)) return "image/gif";
  if (has_at(head, 0, "RIFF"sv) && has_at(head, 8, "WEBPVP"sv)) return "image/webp";
  if (has_at(head, 0, "\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (has_at(head, 0, "\xFF\xD8\xFF"sv)) return "image/jpeg";
  return "";
}

}  // namespace sfluv::photo
