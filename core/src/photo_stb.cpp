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

/// A PNG as stb_image shall see it: the chunks that make the picture, all data in one chunk (so
/// that it is joined without growing) and a palette of 256 colours (so that no index leaves it:
/// stb_image would show what lies on its stack).
class CanonicalPng {
 public:
  CanonicalPng(Bytes file, const PngParts& parts) : data_(file, parts.data) {
    constexpr std::array<std::uint8_t, 8> signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    head_.assign(signature.begin(), signature.end());
    append_chunk("IHDR", parts.header, parts.header.size());
    if (!parts.palette.empty()) append_chunk("PLTE", parts.palette, 768);
    if (!parts.transparency.empty())
      append_chunk("tRNS", parts.transparency, parts.transparency.size());
    append_name("IDAT", parts.data.bytes);
  }

  int read(std::uint8_t* out, std::size_t count) {
    std::size_t done = copy(head_, head_at_, out, count);
    while (done < count && head_at_ == head_.size()) {
      const Bytes part = data_.next(count - done);
      if (part.empty()) break;
      std::copy(part.begin(), part.end(), out + done);
      done += part.size();
    }
    done += copy(tail_, tail_at_, out + done, count - done);
    return static_cast<int>(done);
  }
  [[nodiscard]] bool at_end() const { return tail_at_ == tail_.size(); }

 private:
  void append_name(const char* name, std::uint64_t bytes) {
    for (int shift = 24; shift >= 0; shift -= 8)
      head_.push_back(static_cast<std::uint8_t>(bytes >> shift));
    head_.insert(head_.end(), name, name + 4);
  }
  void append_chunk(const char* name, Bytes body, std::size_t bytes) {
    append_name(name, bytes);
    head_.insert(head_.end(), body.begin(), body.end());
    head_.insert(head_.end(), bytes - body.size() + 4, 0);  // stb_image reads over the checksum
  }
  static std::size_t copy(Bytes from, std::size_t& at, std::uint8_t* out, std::size_t count) {
    const std::size_t taken = std::min(count, from.size() - at);
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(at), taken, out);
    at += taken;
    return taken;
  }

  std::vector<std::uint8_t> head_;
  std::array<std::uint8_t, 16> tail_ = {0, 0, 0,   0,   0,   0,
                                        0, 0, 'I', 'E', 'N', 'D'};  // after a checksum
  std::size_t head_at_ = 0;
  std::size_t tail_at_ = 0;
  PngDataReader data_;
};

Found<Picture> decode_png(Bytes file, const Walked& walked, Arena& arena) {
  constexpr stbi_io_callbacks callbacks = {
      .read =
          [](void* user, char* data, int size) {
            return static_cast<CanonicalPng*>(user)->read(reinterpret_cast<std::uint8_t*>(data),
                                                          static_cast<std::size_t>(size));
          },
      .skip = [](void*, int) {},  // nothing of a canonical file is skipped
      .eof = [](void* user) { return static_cast<CanonicalPng*>(user)->at_end() ? 1 : 0; }};
  CanonicalPng png(file, walked.png_parts);
  int width = 0;
  int height = 0;
  int channels = 0;
  const stbi_uc* pixels = stbi_load_from_callbacks(&callbacks, &png, &width, &height, &channels, 0);
  if (pixels == nullptr) return std::unexpected(decoder_failed(arena, walked));
  return pixels_picture(pixels, walked.info, static_cast<std::uint32_t>(channels));
}

}  // namespace

Found<Picture> decode(Bytes file, const Walked& walked, Arena& arena) {
  const ArenaScope scope(arena);
  return walked.info.format == Format::jpeg ? decode_jpeg(file, walked, arena)
                                            : decode_png(file, walked, arena);
}

}  // namespace sfluv::photo
