// SPDX-License-Identifier: MIT
// The wasm module `photo`: bytes in, bytes and text out. No rule lives here. It has plain exports and
// no glue: the first photo of a person waits for every byte of it. A caller writes to the room that
// it asked for, calls, and reads the answer, until the next call.
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "sfluv/api_photo.h"
#include "sfluv/base64.h"

namespace {

using namespace sfluv;

/// Where a caller finds an answer; read as four 32-bit numbers.
struct Answer {
  const char* text = nullptr;
  std::size_t text_bytes = 0;
  const std::uint8_t* bytes = nullptr;
  std::size_t bytes_count = 0;
};

/// Not filled beforehand: pixels of a photo are 48 MB.
std::unique_ptr<std::uint8_t[]> held;
std::span<std::uint8_t> input;
std::unique_ptr<api::PhotoArrival> arrival;
api::PhotoReply reply;
Answer answer;

std::uint8_t* make_room(std::size_t bytes) {
  held.reset();  // first: both may not fit
  if (bytes > 0) held = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
  input = {held.get(), bytes};
  return held.get();
}

const Answer* answer_of(api::PhotoReply made) {
  (void)make_room(0);
  reply = std::move(made);
  answer = {reply.json.data(), reply.json.size(), reply.jpeg.data(), reply.jpeg.size()};
  return &answer;
}

/// The first bytes of the input as text.
std::string_view text_of(std::size_t bytes) {
  return {reinterpret_cast<const char*>(input.data()), bytes};
}

}  // namespace

#define SFLUV_EXPORT(name) extern "C" __attribute__((export_name(#name)))

SFLUV_EXPORT(abi_version) int abi_version() { return api::photo_abi_version; }

/// Room for the input of a call.
SFLUV_EXPORT(room) std::uint8_t* room(std::size_t bytes) { return make_room(bytes); }

/// Forgets the answer.
SFLUV_EXPORT(release) void release() { (void)answer_of({}); }

/// Input: a file.
SFLUV_EXPORT(probe) const Answer* probe() {
  return answer_of({.json = api::probe_photo(input), .jpeg = {}});
}

/// Input: a plan. Begins a photo, which takes the place of one that was not finished.
SFLUV_EXPORT(begin) void begin() {
  arrival = std::make_unique<api::PhotoArrival>(text_of(input.size()));
}

/// Room for the next bytes of the photo's file.
SFLUV_EXPORT(file_room) std::uint8_t* file_room(std::size_t bytes) {
  return arrival->room(bytes).data();
}

/// Takes them; 0 when more would change nothing.
SFLUV_EXPORT(put) int put(std::size_t bytes) { return arrival->put(bytes) ? 1 : 0; }

SFLUV_EXPORT(finish) const Answer* finish() {
  const std::unique_ptr<api::PhotoArrival> whole = std::move(arrival);
  return answer_of(whole->finish());
}

/// Input: a plan of so many bytes, then pixels.
SFLUV_EXPORT(prepare_pixels) const Answer* prepare_pixels(std::size_t plan_bytes) {
  const std::span<const std::uint8_t> pixels = input.subspan(plan_bytes);
  return answer_of(api::prepare_pixels(pixels, text_of(plan_bytes)));
}

/// Input: bytes.
SFLUV_EXPORT(base64) const Answer* base64() {
  return answer_of({.json = base64::encode(input), .jpeg = {}});
}
