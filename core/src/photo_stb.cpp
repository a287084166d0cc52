// SPDX-License-Identifier: MIT
// The one place that knows stb_image. It is compiled without SIMD, because its C paths give the
// same samples natively and in WebAssembly.
#include "photo_stb.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "photo_inflate.h"

namespace sfluv::photo {
namespace {

thread_local Arena* current_arena = nullptr;

void* arena_malloc(std::size_t bytes) { return current_arena->allocate(bytes); }
void* arena_realloc(void* block, std::size_t bytes) { return current_arena->grow(block, bytes); }
void arena_free(void* block) { current_arena->release(block); }

}  // namespace
}  // namespace sfluv::photo

#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_SIMD
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS 16384
#define STBI_ASSERT(x) ((void)(x))
#define STBI_MALLOC(size) sfluv::photo::arena_malloc(size)
#define STBI_REALLOC(block, size) sfluv::photo::arena_realloc(block, size)
#define STBI_FREE(block) sfluv::photo::arena_free(block)
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include "stb_image.h"

namespace sfluv::photo {

static_assert(STBI_MAX_DIMENSIONS == limits::photo_side_px_max);

/// In front of each block; aligned so that the block behind it is.
struct alignas(std::max_align_t) Arena::Header {
  std::size_t bytes;
  Header* older;
  Header* newer;
};

Arena::~Arena() {
  while (newest_ != nullptr) release(newest_ + 1);
}

void* Arena::allocate(std::size_t bytes) {
  if (bytes > bytes_max_ - bytes_) {
    exhausted_ = true;
    return nullptr;
  }
  void* memory = std::calloc(1, sizeof(Header) + bytes);
  if (memory == nullptr) {
    exhausted_ = true;
    return nullptr;
  }
  bytes_ += bytes;
  bytes_peak_ = std::max(bytes_peak_, bytes_);
  auto* header = static_cast<Header*>(memory);
  header->bytes = bytes;
  header->older = newest_;
  if (newest_ != nullptr) newest_->newer = header;
  newest_ = header;
  if (fill_ != 0) std::memset(header + 1, fill_, bytes);
  return header + 1;
}

void* Arena::grow(void* block, std::size_t bytes) {
  void* larger = allocate(bytes);
  if (block == nullptr || larger == nullptr) return larger;
  std::memcpy(larger, block, std::min(bytes, (static_cast<Header*>(block) - 1)->bytes));
  release(block);
  return larger;
}

void Arena::release(void* block) {
  if (block == nullptr) return;
  Header* header = static_cast<Header*>(block) - 1;
  if (header->older != nullptr) header->older->newer = header->newer;
  if (header->newer != nullptr) header->newer->older = header->older;
  if (newest_ == header) newest_ = header->older;
  bytes_ -= header->bytes;
  // Nothing of a photo stays in the heap for whoever gets this memory next.
  std::memset(block, 0, header->bytes);
  std::free(header);
}

namespace {

/// Makes an arena the one that stb_image uses.
class ArenaScope {
 public:
  explicit ArenaScope(Arena& arena) { current_arena = &arena; }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;
  ~ArenaScope() { current_arena = nullptr; }
};

Fault decoder_failed(const Arena& arena, const Walked& walked) {
  if (arena.exhausted())
    return too_complex("decoder_bytes", arena.bytes_peak(), walked.decoder_bytes);
  return damaged_at("decoder", 0);
}

Picture pixels_picture(const stbi_uc* pixels, const Info& info, std::uint32_t channels) {
  Picture picture{.width_px = info.width_px, .height_px = info.height_px, .channels = channels};
  picture.plane[0] = {.samples = pixels,
                      .stride = std::size_t{channels} * info.width_px,
                      .width = info.width_px,
                      .height = info.height_px};
  return picture;
}

/// The planes as the decoder leaves them: chroma is resized later from its own size, never blown
/// up.
Found<Picture> planes_picture(const stbi__jpeg& jpeg, const Walked& walked) {
  const JpegFrame& frame = walked.jpeg;
  Picture picture{.width_px = frame.width_px,
                  .height_px = frame.height_px,
                  .model = frame.components == 1 ? Model::grey
                           : frame.rgb           ? Model::rgb
                                                 : Model::ycc,
                  .channels = static_cast<std::uint32_t>(frame.components),
                  .h_max = frame.h_max,
                  .v_max = frame.v_max};
  for (std::size_t i = 0; i < frame.components; ++i) {
    const auto& component = jpeg.img_comp[i];
    if (frame.rgb && (component.h != frame.h_max || component.v != frame.v_max)) {
      return std::unexpected(unsupported("jpeg-rgb-subsampled"));
    }
    picture.plane[i] = {.samples = component.data,
                        .stride = static_cast<std::size_t>(component.w2),
                        .width = static_cast<std::uint32_t>(component.x),
                        .height = static_cast<std::uint32_t>(component.y),
                        .h = static_cast<std::uint32_t>(component.h),
                        .v = static_cast<std::uint32_t>(component.v)};
  }
  return picture;
}

Found<Picture> decode_jpeg(Bytes file, const Walked& walked, Arena& arena) {
  stbi__context context;
  stbi__start_mem(&context, file.data(), static_cast<int>(file.size()));
  auto* jpeg = static_cast<stbi__jpeg*>(arena_malloc(sizeof(stbi__jpeg)));
  if (jpeg == nullptr) return std::unexpected(decoder_failed(arena, walked));
  std::memset(jpeg, 0, sizeof(stbi__jpeg));
  jpeg->s = &context;
  stbi__setup_jpeg(jpeg);
  if (walked.jpeg.components == 4) {
    int width = 0;
    int height = 0;
    int components = 0;
    const stbi_uc* pixels = load_jpeg_image(jpeg, &width, &height, &components, 3);
    if (pixels == nullptr) return std::unexpected(decoder_failed(arena, walked));
    return pixels_picture(pixels, walked.info, 3);
  }
  if (stbi__decode_jpeg_image(jpeg) == 0) return std::unexpected(decoder_failed(arena, walked));
  return planes_picture(*jpeg, walked);
}

/// The colours of a palette and their alpha. All 256, so that no index leaves it.
std::array<stbi_uc, 1024> rgba_of(const PngParts& parts) {
  std::array<stbi_uc, 1024> rgba{};
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t k = 0; k < 3 && 3 * i + k < parts.palette.size(); ++k)
      rgba[4 * i + k] = parts.palette[3 * i + k];
    rgba[4 * i + 3] = i < parts.transparency.size() ? parts.transparency[i] : stbi_uc{255};
  }
  return rgba;
}

/// Makes the colour that tRNS names transparent.
void clear_colour(stbi__png& png, Bytes colour) {
  std::array<stbi__uint16, 3> wide{};
  std::array<stbi_uc, 3> narrow{};
  for (std::size_t i = 0; 2 * i < colour.size(); ++i) {
    wide[i] = static_cast<stbi__uint16>(big_endian_16(colour, 2 * i));
    const int scale = png.depth > 8 ? 1 : stbi__depth_scale_table[png.depth];
    narrow[i] = static_cast<stbi_uc>((wide[i] & 255) * scale);
  }
  if (png.depth == 16) {
    stbi__compute_transparency16(&png, wide.data(), png.s->img_out_n);
  } else {
    stbi__compute_transparency(&png, narrow.data(), png.s->img_out_n);
  }
}

/// The part of stb_image that makes samples of rows: unfilters, spreads bits and passes.
Found<Picture> decode_png(Bytes file, const Walked& walked, Arena& arena) {
  const PngHeader& header = walked.png;
  const PngParts& parts = walked.png_parts;
  const bool has_palette = header.colour == 3;
  const bool has_alpha = !parts.transparency.empty();
  const auto raw_bytes = static_cast<std::uint32_t>(header.raw_bytes());
  auto* rows = static_cast<stbi_uc*>(arena_malloc(raw_bytes));
  if (rows == nullptr) return std::unexpected(decoder_failed(arena, walked));
  inflate_png_rows(file, header, parts.data, rows);

  stbi__context context{};
  context.img_x = header.width_px;
  context.img_y = header.height_px;
  context.img_n = static_cast<int>(header.channels());
  context.img_out_n = context.img_n + (has_alpha && !has_palette ? 1 : 0);
  stbi__png png{.s = &context, .depth = header.depth};
  if (stbi__create_png_image(&png, rows, raw_bytes, context.img_out_n, header.depth, header.colour,
                             header.interlaced) == 0)
    return std::unexpected(decoder_failed(arena, walked));
  arena_free(rows);
  if (has_palette) {
    context.img_out_n = has_alpha ? 4 : 3;
    if (stbi__expand_png_palette(&png, rgba_of(parts).data(), 256, context.img_out_n) == 0)
      return std::unexpected(decoder_failed(arena, walked));
  } else if (has_alpha) {
    clear_colour(png, parts.transparency);
  }
  if (header.depth == 16) {
    png.out = stbi__convert_16_to_8(reinterpret_cast<stbi__uint16*>(png.out),
                                    static_cast<int>(header.width_px),
                                    static_cast<int>(header.height_px), context.img_out_n);
    if (png.out == nullptr) return std::unexpected(decoder_failed(arena, walked));
  }
  return pixels_picture(png.out, walked.info, static_cast<std::uint32_t>(context.img_out_n));
}

}  // namespace

Found<Picture> decode(Bytes file, const Walked& walked, Arena& arena) {
  const ArenaScope scope(arena);
  return walked.info.format == Format::jpeg ? decode_jpeg(file, walked, arena)
                                            : decode_png(file, walked, arena);
}

}  // namespace sfluv::photo
