// SPDX-License-Identifier: MIT
// The wasm module `photo`: bytes in, bytes and text out. No rule lives here.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "sfluv/api_photo.h"
#include "sfluv/base64.h"

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes);
EMSCRIPTEN_DECLARE_VAL_TYPE(PhotoReply);

std::vector<std::uint8_t> bytes_in(const val& bytes) {
  return emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes);
}

// Copied out at once: a view into the heap dies when the heap grows.
PhotoReply reply_out(const sfluv::api::PhotoReply& reply) {
  val out = val::object();
  out.set("json", reply.json);
  out.set("jpeg",
          val::global("Uint8Array")
              .new_(val(emscripten::typed_memory_view(reply.jpeg.size(), reply.jpeg.data()))));
  return PhotoReply{out};
}

int abi_version() { return sfluv::api::photo_abi_version; }

std::string probe_photo(const Bytes& file) { return sfluv::api::probe_photo(bytes_in(file)); }

PhotoReply prepare_photo(const Bytes& file, const std::string& plan) {
  return reply_out(sfluv::api::prepare_photo(bytes_in(file), plan));
}

PhotoReply prepare_pixels(const Bytes& rgba, const std::string& plan) {
  return reply_out(sfluv::api::prepare_pixels(bytes_in(rgba), plan));
}

std::string base64_encode(const Bytes& bytes) { return sfluv::base64::encode(bytes_in(bytes)); }

}  // namespace

EMSCRIPTEN_BINDINGS(sfluv_photo) {
  emscripten::register_type<Bytes>("Uint8Array");
  emscripten::register_type<PhotoReply>("{json: string, jpeg: Uint8Array}");
  emscripten::function("abi_version", &abi_version);
  emscripten::function("probe_photo", &probe_photo);
  emscripten::function("prepare_photo", &prepare_photo);
  emscripten::function("prepare_pixels", &prepare_pixels);
  emscripten::function("base64_encode", &base64_encode);
}
