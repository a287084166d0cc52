// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sfluv/photo.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Takes values from the front of the input; zeros past its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  Bytes rest() const { return {data_, data_ + size_}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

void segment(Bytes& file, std::uint8_t marker, const Bytes& body) {
  const std::size_t length = body.size() + 2;
  file.insert(file.end(), {0xFF, marker, static_cast<std::uint8_t>(length >> 8),
                           static_cast<std::uint8_t>(length)});
  file.insert(file.end(), body.begin(), body.end());
}

/// A table that may be incomplete but gives no code twice.
Bytes huffman(Input& input, std::uint8_t target) {
  Bytes body = {target};
  unsigned room = 1, symbols = 0;
  for (int length = 1; length <= 16; ++length) {
    room = std::min(room * 2, 512u);
    const unsigned count = std::min({input.byte() % 16u, room, 256u - symbols});
    body.push_back(static_cast<std::uint8_t>(count));
    room -= count;
    symbols += count;
  }
  for (unsigned i = 0; i < symbols; ++i) body.push_back(input.byte());
  return body;
}

/// A file whose headers are whole, so that what is left of the input reaches the entropy decoder.
Bytes file_of(Input& input) {
  Bytes file = {0xFF, 0xD8};
  Bytes steps(65);
  for (std::size_t i = 1; i < steps.size(); ++i)
    steps[i] = static_cast<std::uint8_t>(input.byte() | 1);
  segment(file, 0xDB, steps);
  const bool grey = input.byte() % 4 == 0;
  const std::uint8_t sampling =
      std::array<std::uint8_t, 8>{0x11, 0x21, 0x12, 0x22, 0x41, 0x42, 0x14, 0x22}[input.byte() % 8];
  const std::uint8_t components = grey ? 1 : 3;
  Bytes frame = {8,
                 static_cast<std::uint8_t>(input.byte() % 2),
                 input.byte(),
                 static_cast<std::uint8_t>(input.byte() % 2),
                 static_cast<std::uint8_t>(input.byte() | 1),
                 components};
  frame[2] |= 1;
  for (std::uint8_t c = 1; c <= components; ++c)
    frame.insert(frame.end(), {c, c == 1 ? sampling : std::uint8_t{0x11}, 0});
  segment(file, 0xC0, frame);
  for (const auto target : std::to_array<std::uint8_t>({0x00, 0x10, 0x01, 0x11}))
    segment(file, 0xC4, huffman(input, target));
  segment(file, 0xDD, {0, static_cast<std::uint8_t>(input.byte() % 12)});
  Bytes scan = {components};
  for (std::uint8_t c = 1; c <= components; ++c)
    scan.insert(scan.end(), {c, c == 1 ? std::uint8_t{0x00} : std::uint8_t{0x11}});
  scan.insert(scan.end(), {0, 63, 0});
  segment(file, 0xDA, scan);
  const Bytes data = input.rest();
  file.insert(file.end(), data.begin(), data.end());
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sfluv;
  Input input(data, size);
  photo::Plan plan;
  plan.aspect = static_cast<photo::Aspect>(input.byte() % 4);
  plan.edge_px = 1u + input.byte();
  plan.bytes_max = limits::photo_budget_bytes_min + input.byte() * 64u;
  plan.quality_min = 5;
  const Bytes file = file_of(input);
  const auto prepared = photo::prepare(file, plan);
  if (prepared) {
    if (prepared->jpeg.size() > plan.bytes_max) std::abort();
    // What is accepted gives the same again: no byte of memory that was not written shows.
    if (photo::prepare(file, plan)->jpeg != prepared->jpeg) std::abort();
  }
  return 0;
}
