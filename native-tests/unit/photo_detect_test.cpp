// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string>

#include "sfluv/photo.h"

namespace sfluv::photo {
namespace {

using std::string_literals::operator""s;

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(PhotoDetect, NamesAFormatByItsFirstBytes) {
  const struct {
    std::string head;
    std::string_view name;
  } cases[] = {
      {"\xFF\xD8\xFF\xE0"s, "jpeg"},
      {"\x89PNG\r\n\x1A\n"s, "png"},
      {"GIF87a"s, "gif"},
      {"GIF89a"s, "gif"},
      {"BM\x36\x90\x00\x00\0\0\0\0\x36\0\0\0"s, "bmp"},
      {"RIFF\x10\0\0\0WEBPVP8 "s, "webp"},
      {"\0\0\0\x18"s
       "ftypheic\0\0\0\0mif1heic"s,
       "heic"},
      {"\0\0\0\x18"s
       "ftypheix\0\0\0\0mif1heix"s,
       "heic"},
      {"\0\0\0\x18"s
       "ftypmif1\0\0\0\0mif1heic"s,
       "heic"},
      {"\0\0\0\x18"s
       "ftypmsf1\0\0\0\0msf1hevc"s,
       "heic"},
      {"\0\0\0\x1C"s
       "ftypavif\0\0\0\0avifmif1miaf"s,
       "avif"},
      {"\0\0\0\x1C"s
       "ftypmif1\0\0\0\0mif1avifmiaf"s,
       "avif"},
      {"\0\0\0\x18"s
       "ftypavis\0\0\0\0avismsf1"s,
       "avif"},
      {"\0\0\0\x18"s
       "ftypmp42\0\0\0\0mp42isom"s,
       "mp4"},
      {"\0\0\0\x14"s
       "ftypqt  \0\0\0\0qt  "s,
       "mp4"},
      {"\0\0\0\x08wide\0\0\0\0mdat"s, "mp4"},
      {"II*\0\x08\0\0\0"s, "tiff"},
      {"MM\0*\0\0\0\x08"s, "tiff"},
      {"II+\0\x08\0\0\0"s, "tiff"},
      {"\xFF\x0A\xFA\x1F"s, "jxl"},
      {"\0\0\0\x0CJXL \r\n\x87\n"s, "jxl"},
      {"\0\0\1\0\1\0"s, "ico"},
      {"8BPS\0\1"s, "psd"},
      {"%PDF-1.7"s, "pdf"},
      {"<svg xmlns='http://www.w3.org/2000/svg'>"s, "svg"},
      {"\xEF\xBB\xBF  <?xml version='1.0'?>\n<!-- x --><svg>"s, "svg"},
      {""s, "unknown"},
      {"\xFF\xD8"s, "unknown"},
      {"BMW is a car"s, "unknown"},
      {"hello"s, "unknown"},
      {"<html><body>"s, "unknown"},
      {"RIFF\x10\0\0\0WAVEfmt "s, "unknown"},
      {std::string(64, '\0'), "unknown"},
  };
  for (const auto& [head, name] : cases) EXPECT_EQ(to_string(detect(bytes_of(head))), name) << head;
}

TEST(PhotoDetect, NeverReadsPastTheEnd) {
  const std::string head =
      "\0\0\0\xFF"s
      "ftypmif1\0\0\0\0mif1avif"s;
  for (std::size_t size = 0; size <= head.size(); ++size) {
    const std::string part = head.substr(0, size);
    const std::vector<std::uint8_t> exact(part.begin(),
                                          part.end());  // its own block, for the sanitizer
    const Format format = detect(exact);
    EXPECT_EQ(format, size < 8    ? Format::unknown
                      : size < 12 ? Format::mp4
                      : size < 24 ? Format::heic
                                  : Format::avif)
        << size;
  }
}

// Rulebook A4.6: what an upload without a declared type is taken for.
TEST(PhotoDetect, SniffsAsTheServerDoes) {
  const struct {
    std::string head;
    std::string_view type;
  } cases[] = {
      {"\xFF\xD8\xFF"s, "image/jpeg"},
      {"\x89PNG\r\n\x1A\n"s, "image/png"},
      {"GIF89a"s, "image/gif"},
      {"BM"s, "image/bmp"},
      {"\0\0\1\0"s, "image/x-icon"},
      {"\0\0\2\0"s, "image/x-icon"},
      {"RIFF\0\0\0\0WEBPVP"s, "image/webp"},
      {"RIFF\0\0\0\0WEBPAL"s, ""},
      {"\xFF\xD8"s, ""},
      {"\0\0\0\x18"s
       "ftypheic\0\0\0\0mif1heic"s,
       ""},
      {"II*\0"s, ""},
      {"<svg>"s, ""},
      {""s, ""},
      {"GIF88a"s, ""},
  };
  for (const auto& [head, type] : cases) EXPECT_EQ(sniff_image_type(bytes_of(head)), type) << head;
}

}  // namespace
}  // namespace sfluv::photo
