// SPDX-License-Identifier: MIT
#include "photos/judge.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>

namespace sfluv::test {
namespace {

/// Errors and warnings leave through here.
struct ErrorManager : jpeg_error_mgr {
  std::jmp_buf leave;

  ErrorManager() : jpeg_error_mgr{} {
    jpeg_std_error(this);
    error_exit = [](j_common_ptr jpeg) {
      std::longjmp(static_cast<ErrorManager*>(jpeg->err)->leave, 1);
    };
    emit_message = [](j_common_ptr jpeg, int level) {
      if (level < 0) std::longjmp(static_cast<ErrorManager*>(jpeg->err)->leave, 1);
    };
  }
};

void read_planes(jpeg_decompress_struct& jpeg, std::vector<JudgePlane>& planes) {
  jpeg.raw_data_out = TRUE;
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg_start_decompress(&jpeg);
  std::vector<std::vector<JSAMPROW>> rows(planes.size());
  std::vector<JSAMPARRAY> arrays;
  std::vector<std::size_t> strides;
  std::vector<ByteVector> strips;
  for (int c = 0; c < jpeg.num_components; ++c) {
    const jpeg_component_info& component = jpeg.comp_info[c];
    const std::size_t stride = component.width_in_blocks * 8u + 64u;
    const auto count = static_cast<std::size_t>(component.v_samp_factor) * 8;
    strips.emplace_back(stride * count);
    strides.push_back(stride);
    auto& of_component = rows[static_cast<std::size_t>(c)];
    for (std::size_t y = 0; y < count; ++y) of_component.push_back(&strips.back()[y * stride]);
    planes[static_cast<std::size_t>(c)] = {.width = component.downsampled_width,
                                           .height = component.downsampled_height};
  }
  for (auto& of_component : rows) arrays.push_back(of_component.data());
  while (jpeg.output_scanline < jpeg.output_height) {
    jpeg_read_raw_data(&jpeg, arrays.data(), static_cast<JDIMENSION>(jpeg.max_v_samp_factor * 8));
    for (std::size_t c = 0; c < planes.size(); ++c) {
      JudgePlane& plane = planes[c];
      for (const JSAMPROW row : rows[c]) {
        if (plane.samples.size() == std::size_t{plane.width} * plane.height) break;
        plane.samples.insert(plane.samples.end(), row, row + plane.width);
      }
    }
  }
  jpeg_finish_decompress(&jpeg);
}

void read_rgb(jpeg_decompress_struct& jpeg, Image& image) {
  jpeg.out_color_space = JCS_RGB;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg_start_decompress(&jpeg);
  image = {.width = jpeg.output_width, .height = jpeg.output_height};
  image.samples.resize(std::size_t{3} * image.width * image.height);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = &image.samples[std::size_t{3} * image.width * jpeg.output_scanline];
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
}

/// Calls `read(jpeg)` after the header; false when libjpeg left.
template <class Read>
bool with_decoder(const ByteVector& file, Read read) {
  jpeg_decompress_struct jpeg{};
  ErrorManager errors;
  jpeg.err = &errors;
  volatile bool done = false;
  if (setjmp(errors.leave) == 0) {
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.data(), file.size());
    jpeg_read_header(&jpeg, TRUE);
    read(jpeg);
    done = true;
  }
  jpeg_destroy_decompress(&jpeg);
  return done;
}

}  // namespace

std::optional<std::vector<JudgePlane>> judge_planes(const ByteVector& file) {
  std::vector<JudgePlane> planes;
  const bool done = with_decoder(file, [&](jpeg_decompress_struct& jpeg) {
    planes.resize(static_cast<std::size_t>(jpeg.num_components));
    read_planes(jpeg, planes);
  });
  if (!done) return std::nullopt;
  return planes;
}

Image judge_rgb(const ByteVector& file) {
  Image image;
  const bool done =
      with_decoder(file, [&](jpeg_decompress_struct& jpeg) { read_rgb(jpeg, image); });
  return done ? image : Image{};
}

ByteVector judge_jpeg(const Image& rgb, const JudgeSpec& spec) {
  jpeg_compress_struct jpeg{};
  ErrorManager errors;
  jpeg.err = &errors;
  unsigned char* out = nullptr;
  unsigned long bytes = 0;
  if (setjmp(errors.leave) != 0) std::abort();
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &out, &bytes);
  jpeg.image_width = rgb.width;
  jpeg.image_height = rgb.height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  if (spec.grey) jpeg_set_colorspace(&jpeg, JCS_GRAYSCALE);
  jpeg_set_quality(&jpeg, spec.quality, TRUE);
  jpeg.comp_info[0].h_samp_factor = spec.h;
  jpeg.comp_info[0].v_samp_factor = spec.v;
  jpeg.optimize_coding = spec.optimised ? TRUE : FALSE;
  jpeg.restart_interval = static_cast<unsigned>(spec.restart_interval);
  if (spec.progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  ByteVector row(std::size_t{3} * rgb.width);
  while (jpeg.next_scanline < jpeg.image_height) {
    const auto from =
        rgb.samples.begin() + static_cast<std::ptrdiff_t>(row.size() * jpeg.next_scanline);
    row.assign(from, from + static_cast<std::ptrdiff_t>(row.size()));
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  }
  jpeg_finish_compress(&jpeg);
  ByteVector file(out, out + bytes);
  jpeg_destroy_compress(&jpeg);
  std::free(out);
  return file;
}

}  // namespace sfluv::test
